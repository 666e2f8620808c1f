// The analyzer on a network: it is the key that counts, with every message, and not what a program says of itself.
#include "analyzer/analyzer.hpp"
#include "analyzer/endpoint.hpp"
#include "analyzer/signatures.hpp"
#include "sensor/shipper.hpp"
#include "tests/analyzer/free_port.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/data_directory.hpp"
#include "wire/frame.hpp"
#include "wire/pairing_guest.hpp"

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <thread>

using namespace linnet;
using namespace std::chrono_literals;
using linnet::test::free_endpoint;
using linnet::test::TemporaryFolder;

namespace {

const KeyPair attic = KeyPair::make(), cellar = KeyPair::make(), study = KeyPair::make();

std::shared_ptr<const Signatures> signatures() {
    static const auto all = std::make_shared<const Signatures>(Signatures::read(signatures_directory()));
    return all;
}

link::Hello hello(std::string sensor, std::uint64_t epoch = 7) {
    return {.protocol = link::protocol_version, .sensor = std::move(sensor), .epoch = epoch, .source = "eth0"};
}

/// One event with its number.
link::Data data(std::uint64_t number, std::uint64_t epoch = 7) {
    link::Data message{.epoch = epoch, .first = number, .frames = {}};
    Lost event;
    event.count = number;
    EventEncoder{}.append_frame(event, message.frames);
    return message;
}

template <class Condition>
bool eventually(const Condition& condition, std::chrono::milliseconds time = 4s) {
    for (const auto deadline = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < deadline;) {
        if (condition()) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

/// An inbox and an API at loopback addresses, that attic, cellar (sensors) and study (a dashboard) may use.
struct House {
    House() {
        keyring.add({attic.public_key, "attic", PeerRole::sensor, {}});
        keyring.add({cellar.public_key, "cellar", PeerRole::sensor, {}});
        keyring.add({study.public_key, "study", PeerRole::dashboard, {}});
    }
    void receive() {
        while (inbox.receive(store, 16, [this](const Source& source, const Event& event) {
            applied.push_back(source.sensor + " " + std::to_string(std::get<Lost>(event).count));
        })) {
        }
        api.serve(16);
    }
    bool receives(const std::vector<std::string>& all, std::chrono::milliseconds time = 4s) {
        return eventually([&] { return receive(), applied == all; }, time);
    }

    TemporaryFolder folder;
    zmq::context_t context{1};
    Keyring keyring{context, folder.file("analyzer.key"), folder.file("peers.json")};
    Store store{":memory:", {}};
    Core core{{}, signatures()};
    std::string events = free_endpoint(), questions = free_endpoint();
    Inbox inbox{context, {"inproc://events", events}, &keyring};
    ApiServer api{context, {questions}, &keyring, store, core, {.status = [] { return Json::object(); }}};
    std::vector<std::string> applied;  ///< "attic 1"
};

/// A program somewhere else.
class Program {
 public:
    Program(House& house, const std::string& endpoint, const KeyPair& own) : house_{house} {
        link::configure(socket_);
        connect_securely(socket_, own, house.keyring.own().public_key);
        socket_.connect(endpoint);
    }
    void say(const link::Message& message) { say(link::encode(message)); }
    void say(const std::vector<std::byte>& bytes) { send(zmq::buffer(bytes)); }
    void ask(const std::string& text) { send(zmq::buffer(text)); }
    /// What comes within the time; nothing where nothing does.
    std::optional<std::string> hear(std::chrono::milliseconds time = 4s) {
        zmq::message_t message;
        const auto heard = [&] { return house_.receive(), socket_.recv(message, zmq::recv_flags::dontwait).has_value(); };
        return eventually(heard, time) ? std::optional{message.to_string()} : std::nullopt;
    }
    template <class Kind>
    Kind expect() {
        const auto text = hear();
        REQUIRE(text);
        const auto message = link::decode(std::as_bytes(std::span{*text}));
        REQUIRE(message);
        return std::get<Kind>(*message);
    }

 private:
    /// Never waits: where the server refused the key, ZeroMQ has taken the connection away, and a send would wait for ever.
    void send(zmq::const_buffer bytes) { (void)socket_.send(bytes, zmq::send_flags::dontwait); }

    House& house_;
    zmq::context_t elsewhere_{1};
    zmq::socket_t socket_{elsewhere_, zmq::socket_type::dealer};
};

std::string refusal(const std::function<void()>& start) {
    try {
        start();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a sensor that says another's name is heard under its own: nobody can speak for somebody else") {
    House house;
    Program sensor{house, house.events, attic};
    sensor.say(hello("cellar"));
    CHECK(sensor.expect<link::Welcome>().epoch == 7);
    sensor.say(data(1));
    CHECK(house.receives({"attic 1"}));
    CHECK(house.inbox.connected() == std::set<SourceKey>{{"attic", 7}});
    CHECK(house.inbox.connected_keys() == std::set<std::string>{attic.public_key});
}

TEST_CASE("the same run cannot be taken over by another key, nor by routing ids that are the same") {
    House house;
    Program sensor{house, house.events, attic}, thief{house, house.events, cellar};
    sensor.say(hello("attic"));
    sensor.expect<link::Welcome>();
    thief.say(hello("attic"));
    thief.expect<link::Welcome>();
    sensor.say(data(1));
    CHECK(house.receives({"attic 1"}));
    CHECK(house.inbox.connected().size() == 2);
}

TEST_CASE("revoked, an open connection is worth nothing, in both directions and at once") {
    House house;
    Program sensor{house, house.events, attic}, other{house, house.events, cellar};
    sensor.say(hello("attic"));
    sensor.expect<link::Welcome>();
    other.say(hello("cellar"));
    other.expect<link::Welcome>();
    REQUIRE(house.keyring.remove("attic"));
    house.inbox.acknowledge(house.store);
    CHECK(house.inbox.connected() == std::set<SourceKey>{{"cellar", 7}});
    sensor.say(data(1));
    sensor.say(hello("attic", 8));
    CHECK_FALSE(sensor.hear(500ms));
    other.say(data(1));
    CHECK(house.receives({"cellar 1"}));
    CHECK(house.inbox.counters().refused == 2);
}

TEST_CASE("a name that is given to a new key does not admit the old one") {
    House house;
    Program old{house, house.events, attic};
    old.say(hello("attic"));
    old.expect<link::Welcome>();
    const auto next = KeyPair::make();
    REQUIRE(house.keyring.remove("attic"));
    house.keyring.add({next.public_key, "attic", PeerRole::sensor, {}});
    old.say(data(1));
    Program young{house, house.events, next};
    young.say(hello("attic", 9));
    CHECK(young.expect<link::Welcome>().epoch == 9);
    young.say(data(1, 9));
    CHECK(house.receives({"attic 1"}));
    CHECK(house.inbox.counters().refused == 1);
}

TEST_CASE("a sensor that got another name says Hello again, and is heard under that") {
    House house;
    Program sensor{house, house.events, attic};
    sensor.say(hello("attic"));
    sensor.expect<link::Welcome>();
    house.keyring.add({attic.public_key, "roof", PeerRole::sensor, {}});
    sensor.say(data(1));
    CHECK(sensor.expect<link::Ack>().epoch == 0);
    sensor.say(hello("attic"));
    sensor.expect<link::Welcome>();
    sensor.say(data(1));
    CHECK(house.receives({"roof 1"}));
}

TEST_CASE("a key has a bounded number of sessions: no sensor can crowd out another") {
    House house;
    Program honest{house, house.events, cellar};
    honest.say(hello("cellar"));
    honest.expect<link::Welcome>();
    std::vector<std::unique_ptr<Program>> many;
    for (std::uint64_t epoch = 1; epoch <= Inbox::max_sessions_of_key + 4; ++epoch) {
        many.push_back(std::make_unique<Program>(house, house.events, attic));
        many.back()->say(hello("attic", epoch));
        many.back()->expect<link::Welcome>();
    }
    CHECK(house.inbox.connected().size() == Inbox::max_sessions_of_key + 1);
    honest.say(data(1));
    CHECK(house.receives({"cellar 1"}));
}

TEST_CASE("a paired sensor that sends what makes no sense harms nobody") {
    House house;
    Program honest{house, house.events, cellar}, bad{house, house.events, attic};
    bad.say(std::vector<std::byte>(1'000, std::byte{0xee}));
    const auto whole = link::encode(data(1));
    for (std::size_t size = 0; size < whole.size(); size += 7)
        bad.say({whole.begin(), whole.begin() + static_cast<long>(size)});
    bad.say(std::vector<std::byte>(link::max_message + 1, std::byte{1}));  // its connection ends
    honest.say(hello("cellar"));
    honest.expect<link::Welcome>();
    honest.say(data(1));
    CHECK(house.receives({"cellar 1"}));
    CHECK(house.inbox.counters().refused >= 1);
}

TEST_CASE("a paired dashboard may ask; a sensor may not, and a dashboard is no sensor") {
    House house;
    Program dashboard{house, house.questions, study}, sensor{house, house.questions, attic};
    Program disguised{house, house.events, study};
    dashboard.ask(R"({"id":1,"request":"devices"})");
    const auto answer = dashboard.hear();
    REQUIRE(answer);
    CHECK(Json::parse(*answer).at("ok") == true);
    sensor.ask(R"({"id":1,"request":"devices"})");
    CHECK_FALSE(sensor.hear(500ms));
    disguised.say(hello("attic"));
    CHECK_FALSE(disguised.hear(500ms));
    CHECK(house.keyring.refused() >= 2);
}

TEST_CASE("a revoked dashboard gets no answer and hears no news") {
    House house;
    Program dashboard{house, house.questions, study};
    dashboard.ask(R"({"id":1,"request":"subscribe"})");
    REQUIRE(dashboard.hear());
    CHECK(house.api.connected_keys() == std::set<std::string>{study.public_key});
    house.api.keep_alive(ApiServer::Clock::now() + 1h);
    REQUIRE(dashboard.hear());
    REQUIRE(house.keyring.remove("study"));
    house.api.keep_alive(ApiServer::Clock::now() + 2h);
    dashboard.ask(R"({"id":2,"request":"alerts"})");
    CHECK_FALSE(dashboard.hear(500ms));
    CHECK(house.api.connected_keys().empty());
    CHECK(house.api.refused() == 1);
}

TEST_CASE("without keys nothing listens on a network, and nothing is sent over one") {
    TemporaryFolder folder;
    zmq::context_t context{1};
    CHECK(refusal([&] { Inbox{context, {free_endpoint()}}; }).find("there are no keys") != std::string::npos);
    CHECK(refusal([&] {
              ShipperOptions options;
              options.endpoint = free_endpoint();
              options.sensor = "pi";
              options.epoch = 1;
              (void)ship(STDIN_FILENO, options);
          }).find("Without the analyzer's key") != std::string::npos);
    CHECK(refusal([&] {
              api::Client{{free_endpoint(), folder.file("none.key")}};
          }).find("This computer is not paired") != std::string::npos);
}

TEST_CASE("an analyzer on a network does not start without a good key and a good list of peers; one without needs neither") {
    TemporaryFolder folder;
    AnalyzerOptions options;
    options.listen = {folder.endpoint("events")};
    options.api = {folder.endpoint("api")};
    options.database = folder.file("linnet.db");
    const auto start = [&] { return refusal([&] { Analyzer{options, signatures()}; }); };
    std::ofstream{folder.file("peers.json")} << "{";
    CHECK(start().empty());
    CHECK_FALSE(std::filesystem::exists(folder.file("analyzer.key")));
    options.listen.push_back(free_endpoint());
    CHECK(start().find("lists the paired programs") != std::string::npos);
    std::filesystem::remove(folder.file("peers.json"));
    ::chmod(folder.file("analyzer.key").c_str(), 0644);
    CHECK(start().find("can be read by other users") != std::string::npos);
    std::filesystem::remove(folder.file("analyzer.key"));
    CHECK(start().empty());
    CHECK(std::filesystem::exists(folder.file("analyzer.key")));
}

TEST_CASE("pairing by the API: opened, asked, typed, listed, revoked; no answer tells the digits") {
    TemporaryFolder folder;
    zmq::context_t context{1};
    Keyring keyring{context, folder.file("key"), folder.file("peers.json")};
    PairingDoor door{context, keyring.own().public_key, {"tcp://127.0.0.1:*"}};
    PeersNow now{Timestamp{1'000s}, PairingDoor::Clock::time_point{1s}, {}};
    const auto ask = [&](const std::string& request) {
        const auto parsed = parse_api_request(R"({"id":1,)" + request + "}");
        return answer_about_peers(std::get<ApiRequest>(parsed), keyring, door, now);
    };
    CHECK(ask(R"("request":"pair")").result.at("open") == false);
    CHECK(ask(R"("request":"pair-digits","arguments":{"digits":"000000"})").error.find("Nobody waits") == 0);
    const auto opened = ask(R"("request":"pair","arguments":{"role":"sensor"})").result;
    CHECK(opened.at("open") == true);
    CHECK(opened.at("seconds") == 300);
    CHECK(opened.at("tries") == 3);

    auto shown = std::promise<std::string>{};
    auto digits = shown.get_future();
    const auto guest = KeyPair::make();
    auto joined = std::async(std::launch::async, [&] {
        return pairing::ask_to_be_paired(door.bound(), guest.public_key, "attic",
                                         [&](const std::string& all) { shown.set_value(all); });
    });
    REQUIRE(eventually([&] { return door.serve(now.clock), door.guest().has_value(); }));
    const auto typed = digits.get();
    const auto told = ask(R"("request":"pair")").result;
    CHECK(told.at("guest") == "attic");
    CHECK(told.dump().find(typed) == std::string::npos);
    const auto paired = ask(R"("request":"pair-digits","arguments":{"digits":")" + typed + "\"}").result;
    CHECK(paired.at("paired") == true);
    CHECK(joined.get() == keyring.own().public_key);
    now.connected = {guest.public_key};
    const auto list = ask(R"("request":"peers")").result;
    REQUIRE(list.size() == 1);
    CHECK(list[0].at("name") == "attic");
    CHECK(list[0].at("role") == "sensor");
    CHECK(list[0].at("key") == guest.public_key);
    CHECK(list[0].at("connected") == true);
    CHECK(ask(R"("request":"pair")").result.at("end") == "paired");
    CHECK(ask(R"("request":"revoke","arguments":{"peer":"roof"})").error.find("No paired program") == 0);
    CHECK(ask(R"("request":"revoke","arguments":{"peer":"attic"})").error.empty());
    CHECK(ask(R"("request":"peers")").result.empty());
}

TEST_CASE("a guest whose digits were not taken, or that nobody answers, says so") {
    zmq::context_t context{1};
    PairingDoor door{context, KeyPair::make().public_key, {"tcp://127.0.0.1:*"}};
    const PairingDoor::Clock::time_point now{1s};
    door.open(PeerRole::sensor, now);
    auto joined = std::async(std::launch::async, [&] {
        return refusal([&] {
            (void)pairing::ask_to_be_paired(door.bound(), KeyPair::make().public_key, "attic", [](const std::string&) {});
        });
    });
    REQUIRE(eventually([&] { return door.serve(now), door.guest().has_value(); }));
    door.deny();
    CHECK(joined.get().find("did not take the digits") != std::string::npos);
    CHECK(refusal([&] {
              (void)pairing::ask_to_be_paired("nonsense", KeyPair::make().public_key, "attic", [](const std::string&) {});
          }).find("is not an endpoint") != std::string::npos);
}
