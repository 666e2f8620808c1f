// Everything that the core remembers lives in state tables: bounded, in order of last use, and able to survive a restart.
//
// touch() makes a row the newest, save() hands out what was touched since the last save, restore() puts it back; then the
// table behaves exactly as before, down to which row gives way next. Each touch has a number, so the rows that changed
// are the head of the list and their order can be rebuilt. Rows are written as CBOR (RFC 8949), keys as hexadecimal text.
#pragma once

#include "analyzer/core.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace linnet {

/// Builds the key of a row from values of fixed size, or of text that comes last or is told apart by a separator.
class RowKey {
 public:
    RowKey& add(const IpAddress& ip) { return raw(ip.bytes.data(), ip.bytes.size()); }
    RowKey& add(const MacAddress& mac) { return raw(mac.bytes.data(), mac.bytes.size()); }
    RowKey& add(Port port) {
        return add(static_cast<std::uint8_t>(port.number >> 8)).add(static_cast<std::uint8_t>(port.number));
    }
    RowKey& add(std::uint8_t number) {
        bytes_.push_back(static_cast<char>(number));
        return *this;
    }
    RowKey& add(std::string_view text) {
        bytes_.append(text).push_back('\0');
        return *this;
    }
    [[nodiscard]] const std::string& text() const { return bytes_; }

 private:
    RowKey& raw(const std::uint8_t* data, std::size_t size) {
        bytes_.append(data, data + size);
        return *this;
    }
    std::string bytes_;
};

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);

/// What the core needs to know of a table to save and restore it.
class StateTableBase {
 public:
    StateTableBase() = default;
    virtual ~StateTableBase() = default;
    StateTableBase(const StateTableBase&) = delete;
    StateTableBase& operator=(const StateTableBase&) = delete;

    [[nodiscard]] virtual const std::string& name() const = 0;
    virtual void save(const std::function<void(StateRow&&)>& row) = 0;
    /// Every row there is, whether saved or not.
    virtual void copy(const std::function<void(StateRow&&)>& row) const = 0;
    /// Throws nlohmann::json::exception or std::invalid_argument where the row is damaged; the table is then unchanged.
    virtual void restore(const StateRow& row) = 0;
};

/// Value needs `Json to_state() const` and `static Value from_state(const Json&)`, each the other's inverse.
template <class Value>
class StateTable : public StateTableBase {
 public:
    using OnEvict = std::function<void(Value&&)>;

    StateTable(std::string name, std::size_t max_rows, OnEvict on_evict = {})
        : name_{std::move(name)}, max_rows_{std::max<std::size_t>(max_rows, 1)}, on_evict_{std::move(on_evict)} {}

    [[nodiscard]] const std::string& name() const override { return name_; }
    [[nodiscard]] std::size_t size() const { return index_.size(); }

    /// The row as it is, or nullptr; neither its order nor its number changes.
    [[nodiscard]] const Value* find(std::string_view key) const {
        const auto found = index_.find(key);
        return found == index_.end() ? nullptr : &found->second->value;
    }

    /// The row, made the newest, to be read and changed; created where it was absent. A full table loses its oldest row.
    /// The reference holds until the next touch(), erase() or evict_oldest().
    Value& touch(const std::string& key) {
        settle();
        if (const auto found = index_.find(key); found != index_.end())
            rows_.splice(rows_.begin(), rows_, found->second);
        else
            insert(key);
        rows_.front().touched = ++last_touch_;
        while (index_.size() > max_rows_) evict_oldest();
        return rows_.front().value;
    }

    /// As touch(), but nullptr where the row is absent.
    Value* touch_existing(const std::string& key) { return index_.contains(key) ? &touch(key) : nullptr; }

    void erase(std::string_view key) {
        if (const auto found = index_.find(key); found != index_.end()) remove(found->second);
    }

    void evict_oldest() {
        settle();
        if (rows_.empty()) return;
        Value value = std::move(rows_.back().value);
        remove(std::prev(rows_.end()));
        if (on_evict_) on_evict_(std::move(value));
    }

    /// The row that gives way next, or nullptr.
    [[nodiscard]] const Value* oldest() {
        settle();
        return rows_.empty() ? nullptr : &rows_.back().value;
    }

    /// Oldest first.
    template <class Visit>
    void for_each(Visit visit) const {
        for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) visit(row->value);
    }

    /// Oldest first, with the keys.
    template <class Visit>
    void for_each_row(Visit visit) const {
        for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) visit(row->key, row->value);
    }

    void save(const std::function<void(StateRow&&)>& row) override {
        for (auto& key : removed_) row({name_, to_hex(key), std::nullopt});
        removed_.clear();
        for (auto& changed : rows_) {
            if (changed.touched <= last_save_) break;
            row(state_of(changed));
            changed.saved = true;
        }
        last_save_ = last_touch_;
    }

    void copy(const std::function<void(StateRow&&)>& row) const override {
        for (const auto& each : rows_) row(state_of(each));
    }

    void restore(const StateRow& row) override {
        const auto key = from_hex(row.key);
        if (!key) throw std::invalid_argument{"state: the key is not hexadecimal"};
        if (!row.value) return erase(*key);
        const Json state = Json::from_cbor(*row.value);
        const auto touched = state.at("touched").template get<std::uint64_t>();
        Value value = Value::from_state(state.at("value"));
        if (!index_.contains(*key)) insert(*key);
        auto& restored = *index_.find(*key)->second;
        restored.value = std::move(value);
        restored.touched = touched;
        restored.saved = true;
        last_touch_ = std::max(last_touch_, touched);
        last_save_ = last_touch_;
        unsettled_ = true;
    }

 private:
    struct Row {
        std::string key;
        Value value{};
        std::uint64_t touched = 0;
        bool saved = false;  ///< a copy is outside, so its removal must be told
    };
    using Rows = std::list<Row>;  // newest first; the index's keys look into the rows

    StateRow state_of(const Row& row) const {
        Json state = Json::object();
        state["touched"] = row.touched;
        state["value"] = row.value.to_state();
        std::string bytes;
        Json::to_cbor(state, bytes);
        return {name_, to_hex(row.key), std::move(bytes)};
    }

    void insert(const std::string& key) {
        rows_.push_front(Row{.key = key});
        index_.emplace(rows_.front().key, rows_.begin());
    }

    void remove(typename Rows::iterator row) {
        if (row->saved) removed_.push_back(row->key);
        index_.erase(row->key);
        rows_.erase(row);
    }

    /// Restored rows came in any order.
    void settle() {
        if (!unsettled_) return;
        rows_.sort([](const Row& a, const Row& b) { return a.touched > b.touched; });
        unsettled_ = false;
    }

    std::string name_;
    std::size_t max_rows_;
    OnEvict on_evict_;
    Rows rows_;
    std::unordered_map<std::string_view, typename Rows::iterator> index_;
    std::vector<std::string> removed_;
    std::uint64_t last_touch_ = 0, last_save_ = 0;
    bool unsettled_ = false;
};

}  // namespace linnet
