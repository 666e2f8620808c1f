# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2016 # shared with home.sh and record; sh -c has its own $0
# The lab's situations about the network itself: ports that were opened, impostors, resolvers, devices that anybody may steer, and
# Linnet's own. Sourced by record.

# On the router: UPnP IGD and NAT-PMP, with nftables behind. miniupnpd opens nothing where its own address is a documentation
# address, so it is told another, which it only ever says in its answers: nothing in the lab has it or sends to it.
serve_port_mapping() {
    [ ! -e "$lab_files/router/miniupnpd.conf" ] || return 0
    printf '%s\n' ext_ifname=wan ext_ip=11.0.0.1 listening_ip=eth0 enable_upnp=yes enable_natpmp=yes secure_mode=yes notify_interval=3600 \
        uuid=5f5d2f3e-3b7a-4c52-9d0f-00000000beef lease_file= 'allow 1-65535 192.168.1.0/24 1-65535' >"$lab_files/router/miniupnpd.conf"
    packaged router sh -c 'nft add table inet filter; nft add chain inet filter forward "{ type filter hook forward priority 0; }"
        nft add chain inet filter miniupnpd; nft add chain inet filter prerouting "{ type nat hook prerouting priority -100; }"
        nft add chain inet filter postrouting "{ type nat hook postrouting priority 100; }"
        nft add chain inet filter prerouting_miniupnpd; nft add chain inet filter postrouting_miniupnpd
        nft add rule inet filter forward jump miniupnpd
        nft add rule inet filter prerouting jump prerouting_miniupnpd; nft add rule inet filter postrouting jump postrouting_miniupnpd'
    packaged_server router miniupnpd -d -f "$lab_files/router/miniupnpd.conf" >"$lab_files/miniupnpd.log" 2>&1
    wait_for_port router 5351
}
from_outside() { quiet web outside --interface 203.0.113.99 "$@"; }
port_opened() {  # port-opened: by UPnP IGD, used from outside, taken back; and by NAT-PMP, unused
    serve_camera camera
    serve_port_mapping
    quiet packaged camera upnpc -m eth0 -e 'Hall camera' -a "$(at camera)" 8000 8000 TCP 3600
    from_outside http://192.0.2.2:8000/
    quiet packaged camera upnpc -m eth0 -d 8000 TCP
    quiet packaged plug natpmpc -g 192.168.1.1 -a 2300 23 tcp 600
}
exposed_service() {  # exposed-service: a stranger talks to the camera, and the camera answers
    serve_camera camera
    from_outside "http://$(at camera):8000/"
}
exposed_below() {  # nothing: a stranger knocks at a closed port
    from_outside "http://$(at camera):8001/"
}
ask_for_address() { quiet inside "$1" busybox udhcpc -q -n -f -i eth0 -t 3 -T 1 -s /bin/true; }
rogue_dhcp() {  # rogue-dhcp: the laptop hands out addresses as well, with itself as the way out
    ask_for_address phone
    ask_for_address tv
    timeout 6 ip netns exec linnet-lab-laptop dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --no-ping --bind-dynamic \
        --interface=eth0 --dhcp-leasefile="$lab_files/laptop/leases" --dhcp-range=192.168.1.200,192.168.1.220,1h \
        --dhcp-option=3,192.168.1.10 --dhcp-option=6,192.168.1.10 --dhcp-authoritative --pid-file= --log-facility="$lab_files/laptop/dhcp.log" &
    sleep 1
    ask_for_address phone
    ask_for_address tv
    wait $! || true
    inside laptop ip neigh flush dev eth0
}
asks_for_router() {  # and the true one answers
    inside "$1" ip neigh flush dev eth0
    web "$1" http://news.example.com/
}
address_spoof() {  # address-spoof: the camera says that it is the router, and reads what the phone sends
    inside camera sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
    ask_for_address phone
    asks_for_router hub
    packaged camera timeout 13 arpspoof -i eth0 -t "$(at phone)" 192.168.1.1 >/dev/null 2>&1 &
    local name
    for name in laptop tv plug; do
        sleep 3
        asks_for_router "$name"
        web phone http://news.example.com/
    done
    wait $! || true
    inside camera sysctl -qw net.ipv4.ip_forward=0
    inside phone ip neigh flush dev eth0
}
# announces NAME PREFIX SECONDS: is an IPv6 router for 2001:db8:PREFIX::/64 (RFC 3849) so long, and a resolver, too.
announces() {
    inside "$1" sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.disable_ipv6=0
    inside "$1" ip address add "2001:db8:$2::1/64" dev eth0 nodad
    timeout "$3" ip netns exec "linnet-lab-$1" dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --bind-dynamic --interface=eth0 \
        --enable-ra --ra-param=eth0,4 --dhcp-range="2001:db8:$2::,ra-only,64" --dhcp-option="option6:dns-server,[2001:db8:$2::1]" \
        --pid-file= --log-facility="$lab_files/$1/announces.log" || true
    inside "$1" sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1 net.ipv6.conf.all.forwarding=0
}
joins_ipv6() {
    inside "$1" sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.accept_ra=1 net.ipv6.conf.eth0.disable_ipv6=0
}
leaves_ipv6() { inside "$1" sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1; }
pings() { quiet inside "$1" busybox ping -6 -c 1 -W 1 "$2"; }
rogue_router() {  # rogue-dhcp: the laptop announces a way out and a resolver of its own, while the router does so, too
    announces router 1 28 &
    joins_ipv6 phone
    joins_ipv6 tv
    sleep 6
    pings phone 2001:db8:1::1
    announces laptop 2 14
    pings tv 2001:db8:1::1
    wait $!
    leaves_ipv6 phone
    leaves_ipv6 tv
}
neighbour_spoof() {  # address-spoof: the camera answers for whatever IPv6 address is asked for
    local name router impostor
    announces router 1 30 &
    router=$!
    for name in phone tv camera; do joins_ipv6 "$name"; done
    sleep 6
    for name in phone tv; do pings "$name" 2001:db8:1::1; done
    packaged camera timeout 16 atk6-parasite6 eth0 >/dev/null 2>&1 &
    impostor=$!
    for _ in 1 2 3 4; do
        sleep 3
        for name in phone tv; do
            inside "$name" ip -6 neigh flush dev eth0
            pings "$name" 2001:db8:1::1
        done
    done
    wait $router $impostor || true
    for name in phone tv camera; do leaves_ipv6 "$name"; done
}
serve_resolver() {  # outside: 203.0.113.8, also over TLS (853)
    ! inside outside ss -Hltun 'src 203.0.113.8 and sport = :53' | grep -q . || return 0
    inside outside ip address add 203.0.113.8/32 dev lo
    server outside dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --bind-interfaces --listen-address=203.0.113.8 \
        --address=/#/203.0.113.10 --pid-file= --log-facility="$lab_files/outside/dnsmasq.log"
    [ -e "$lab_files/outside/resolver.pem" ] || certificate "$lab_files/outside/resolver" dns.google
    printf '%s\n' foreground=yes 'pid=' '[dot]' accept=203.0.113.8:853 connect=203.0.113.8:53 "cert=$lab_files/outside/resolver.pem" \
        "key=$lab_files/outside/resolver.key" >"$lab_files/outside/stunnel.conf"
    packaged_server outside stunnel4 "$lab_files/outside/stunnel.conf" >/dev/null 2>&1
    server outside openssl s_server -quiet -www -accept 203.0.113.8:443 -key "$lab_files/outside/resolver.key" \
        -cert "$lab_files/outside/resolver.pem" >/dev/null 2>&1
    wait_for_port outside 853
}
unusual_resolver() {  # unusual-resolver: the camera asks a server outside, the television does so over TLS and over HTTPS
    serve_resolver
    ask_for_address camera
    ask_for_address tv
    local name
    for name in news video cloud; do
        quiet packaged camera dig @203.0.113.8 +tries=1 +time=2 "$name.example.com"
        quiet packaged laptop dig @192.168.1.1 +tries=1 +time=2 "$name.example.com"
    done
    quiet packaged tv kdig +tls @203.0.113.8 news.example.com
    quiet web tv --doh-insecure --doh-url https://dns.google/dns-query http://news.example.com/
}
dns_tunnel() {  # c2-contact: a tunnel in DNS
    [ -e "$lab_files/outside/tunnel" ] || inside outside ip address add 203.0.113.9/32 dev lo
    touch "$lab_files/outside/tunnel"
    timeout 25 ip netns exec linnet-lab-outside "$lab_here/with_packages" "$servers" "$lab_files" \
        iodined -f -c -l 203.0.113.9 -P lab 10.53.0.1/27 t.example.net >"$lab_files/iodined.log" 2>&1 &
    local far=$! near
    sleep 1
    packaged camera timeout 15 iodine -f -r -P lab -T TXT -m 200 192.168.1.1 t.example.net >"$lab_files/iodine.log" 2>&1 &
    near=$!
    sleep 8
    quiet inside outside busybox ping -c 80 -i 0.05 10.53.0.2
    wait $near $far || true
}
generated_names() {  # c2-contact: names that a program made up, of which none exists
    local number
    for number in $(seq 40); do
        echo "$(echo "seed $number" | md5sum | cut -c1-16).example"
    done >"$lab_files/camera/names"
    quiet packaged camera dig @192.168.1.1 +tries=1 +time=2 -f "$lab_files/camera/names"
}
open_mqtt() {  # cleartext-control: an MQTT server that asks nobody
    if ! listens plug 1883; then
        printf '%s\n' 'listener 1883' 'allow_anonymous true' >"$lab_files/plug/mosquitto.conf"
        packaged_server plug mosquitto -c "$lab_files/plug/mosquitto.conf" >/dev/null 2>&1
        wait_for_port plug 1883
    fi
    quiet packaged phone mosquitto_pub -h "$(at plug)" -i phone -t kitchen/coffee/power -m on -q 1
}
open_coap() {  # cleartext-control: CoAP without DTLS
    if ! listens plug 5683; then
        packaged_server plug coap-server-notls -A 0.0.0.0 -d 10 >/dev/null 2>&1
        wait_for_port plug 5683
    fi
    quiet packaged phone timeout 5 coap-client-notls -m get "coap://$(at plug)/time"
    quiet packaged phone timeout 5 coap-client-notls -m put -e on "coap://$(at plug)/coffee"
}
open_light() {  # cleartext-control: a web page that switches a light for anybody
    serve_camera camera
    web phone "http://$(at camera):8000/relay/0?turn=on"
}
picture_stream() {  # cleartext-media: pictures over HTTP
    serve_camera camera
    quiet web tv "http://$(at camera):8000/video.mjpg"
}
rtsp_stream() {  # cleartext-media, and no login: RTSP and RTP that anybody may watch
    serve_rtsp camera
    play tv udp "rtsp://$(at camera):10554/open" 2
}
serve_firmware() {
    [ ! -e "$lab_files/outside/www/plug-1.2.bin" ] || return 0
    head -c 6000 /dev/zero >"$lab_files/outside/kernel"
    packaged outside mkimage -A arm -O linux -T firmware -C none -n 'coffee-plug 1.2' -d "$lab_files/outside/kernel" \
        "$lab_files/outside/www/plug-1.2.bin" >/dev/null
}
insecure_update() {  # insecure-update: the plug fetches its system image in clear
    serve_firmware
    quiet inside plug busybox wget -q -O /dev/null http://files.example.net/plug-1.2.bin
}
everyday() {  # blind-spot, where one hears only what is meant for all
    local name
    for name in laptop phone tv plug hub; do
        ask_for_address "$name"
        inside "$name" ip neigh flush dev eth0
        web "$name" http://news.example.com/
    done
}
self_test() {  # self-test: the name that linnet selftest makes up
    quiet packaged laptop dig @192.168.1.1 +tries=1 +time=2 linnet-selftest.4f1c09ab77d2e630.invalid
}
# ask_as NAME INTERFACE HOST [OPTION]…: asks for an address under this host name.
ask_as() {
    inside "$1" busybox udhcpc -q -n -f -i "$2" -t 5 -T 1 -s "$lab_here/dhcp_bound" -x "hostname:$3" "${@:4}" >/dev/null 2>&1
}
three_addresses() {  # nothing, and one device: a telephone that draws a hardware address by lot whenever it joins
    local mac vendor
    vendor=$(awk '$1 == "phone" { print $5 }' "$lab_here/devices.tsv")
    add_namespace visitor
    wire visitor 5a:31:9c:04:7e:01
    for mac in 5a:31:9c:04:7e:01 be:70:12:d8:33:02 d6:0b:5f:91:a2:03; do
        inside visitor ip link set eth0 down
        inside visitor ip address flush dev eth0
        inside visitor ip link set eth0 address "$mac" up
        ask_as visitor eth0 annas-phone -V "$vendor"
        web visitor http://news.example.com/
        sleep 1
    done
}
two_cards() {  # nothing, and one device: a computer with Wi-Fi and a cable, both in use
    local number=00046f1c2a9d4b7e4e0c9a3d5b8f1e2c7d46 card  # a DHCP unique identifier, RFC 6355
    add_namespace desktop
    wire desktop a4:c3:f0:51:20:0a
    wire desktop 00:e0:4c:68:01:0b eth1
    inside desktop sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
    for card in eth0 eth1; do ask_as desktop "$card" attic-desktop -C -x "0x3d:ff0000000${card#eth}$number"; done
    inside desktop ip route add default via 192.168.1.1 dev eth1 metric 100
    for card in eth0 eth1 eth0 eth1; do web desktop --interface "$card" http://news.example.com/; done
}
network_situations=(three-addresses two-cards port-opened exposed-service exposed-below rogue-dhcp address-spoof rogue-router neighbour-spoof unusual-resolver dns-tunnel generated-names
    open-mqtt open-coap open-light picture-stream rtsp-stream insecure-update self-test)
