# shellcheck shell=bash
# A small home in network namespaces: a switch, a router with dnsmasq, devices that ask for their address by DHCP, and an
# "outside" behind the router that stands for the Internet. Sourced by record.
#
#   switch      br0; a capture on it sees every frame once
#   router      192.168.1.1, DHCP and DNS
#   DEVICE      192.168.1.x, by its MAC (devices.tsv)
#   outside     203.0.113.0/24 answers at every address; 198.51.100.0/24 swallows everything. Both are documentation
#               addresses (RFC 5737), and no namespace has a way to the machine's own network.
#
# Everything is removed on exit. Only processes inside these namespaces are ever ended.

lab_names=() lab_servers=()
lab_here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

lab_begin() {
    [ "$(id -u)" = 0 ] || { echo "The lab makes network namespaces: run it as root." >&2; exit 1; }
    local tool
    for tool in ip ethtool tcpdump editcap dnsmasq udhcpc busybox curl nmap openssl mmdebstrap; do
        command -v "$tool" >/dev/null || { echo "The lab needs $tool: packaging/setup lab, and mmdebstrap." >&2; exit 1; }
    done
    exec {lab_lock}>/run/lock/linnet-lab
    flock -n "$lab_lock" || { echo "The lab is already running." >&2; exit 1; }
    ip netns list | awk '/^linnet-lab-/ { print $1 }' | xargs -rn 1 ip netns del  # of a run that was killed
    lab_files=$(mktemp -d /tmp/linnet-lab.XXXXXX)
    chmod 755 "$lab_files"
    echo 'nameserver 192.168.1.1' >"$lab_files/resolv.conf"
    { echo '127.0.0.1 localhost'; awk '!/^#/ { print $3, $4 }' "$lab_here/devices.tsv"; } >"$lab_files/hosts"
    trap lab_end EXIT
    trap 'exit 1' INT TERM
}
lab_end() {
    trap - EXIT INT TERM
    local name
    [ ${#lab_servers[@]} -eq 0 ] || kill -KILL "${lab_servers[@]}" 2>/dev/null || true
    for name in "${lab_names[@]}"; do
        ip netns pids "linnet-lab-$name" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
    done
    for name in "${lab_names[@]}"; do ip netns del "linnet-lab-$name" 2>/dev/null || true; done
    rm -rf "$lab_files"
}

# inside NAME COMMAND…: runs it in that namespace, in a mount and host name space of its own, with the lab's accounts.
inside() {
    local name=$1
    shift
    ip netns exec "linnet-lab-$name" unshare --uts --mount "$lab_here/inside" "$lab_files/$name" "$name" "$@"
}
# server NAME COMMAND…: the same in the background, until the lab ends.
server() {
    local name=$1
    shift
    (
        exec {lab_lock}>&-
        exec ip netns exec "linnet-lab-$name" unshare --uts --mount "$lab_here/inside" "$lab_files/$name" "$name" "$@"
    ) &
    lab_servers+=($!)
    disown
}
add_namespace() {
    ip netns add "linnet-lab-$1"
    lab_names+=("$1")
    mkdir -p "$lab_files/$1"
    inside "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    inside "$1" ip link set lo up
}
# wire NAME MAC [INTERFACE]: a cable from eth0 of NAME to the switch. Checksums are computed, so that the capture has real ones.
wire() {
    local card=${3:-eth0} port=to-$1${3:+-$3}
    ip link add "$card" netns "linnet-lab-$1" address "$2" type veth peer name "$port" netns linnet-lab-switch
    inside switch ip link set "$port" master br0 up
    inside "$1" ethtool -K "$card" tx off >/dev/null
    inside "$1" ip link set "$card" up
}

home_up() {
    add_namespace switch
    inside switch ip link add br0 type bridge forward_delay 0 mcast_snooping 0
    inside switch ip link set br0 up promisc on

    add_namespace router
    wire router 00:1c:4a:10:20:01
    inside router ip address add 192.168.1.1/24 dev eth0
    add_namespace outside
    ip link add wan netns linnet-lab-router type veth peer name wan netns linnet-lab-outside
    inside router ethtool -K wan tx off >/dev/null
    inside outside ethtool -K wan tx off >/dev/null
    inside router ip address add 192.0.2.2/24 dev wan
    inside router ip link set wan up
    inside router ip route add default via 192.0.2.1
    inside router sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
    inside outside ip address add 192.0.2.1/24 dev wan
    inside outside ip link set wan up
    inside outside ip route add 192.168.1.0/24 via 192.0.2.2
    inside outside ip route add local 203.0.113.0/24 dev lo
    inside outside ip route add blackhole 198.51.100.0/24

    local reservations=() name mac address servers_known=()
    while read -r name address _; do
        [[ $name == \#* ]] || servers_known+=("--address=/$name/$address")
    done <"$lab_here/outside.tsv"
    while read -r name mac address _; do
        [[ $name == \#* ]] || reservations+=("--dhcp-host=$mac,$address")
    done <"$lab_here/devices.tsv"
    server router dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --no-ping \
        --dhcp-authoritative --bind-dynamic --interface=eth0 --dhcp-leasefile="$lab_files/router/leases" \
        --dhcp-range=192.168.1.100,192.168.1.199,12h "${reservations[@]}" --domain=home.example \
        --local=/example/example.com/example.net/example.org/dns.google/ \
        "${servers_known[@]}" \
        --server=/t.example.net/203.0.113.9 --pid-file= --log-facility="$lab_files/router/dnsmasq.log"
    wait_for_port router 53
}

# device NAME: plugs it in; it asks for its address with a real DHCP client.
device() {
    local name=$1 mac host vendor
    read -r mac host vendor < <(awk -v name="$1" '$1 == name { print $2, $4, $5 }' "$lab_here/devices.tsv")
    add_namespace "$name"
    wire "$name" "$mac"
    inside "$name" busybox udhcpc -q -n -f -i eth0 -t 5 -T 1 -s "$lab_here/dhcp_bound" -x "hostname:$host" -V "$vendor" >/dev/null 2>&1
}
address_of() { awk -v name="$1" '$1 == name { print $3 }' "$lab_here/devices.tsv"; }

# account NAME USER PASSWORD: a made-up account that exists on this device only.
account() {
    local home=$lab_files/$1 number
    accounts_begin "$1"
    number=$((1000 + $(wc -l <"$home/passwd")))
    [ "$2" != root ] || number=0
    echo "$2:x:$number:$number::/srv:/bin/sh" >>"$home/passwd"
    echo "$2:$(openssl passwd -6 "$3"):19800:0:99999:7:::" >>"$home/shadow"
    touch "$home/mail/$2"
    chown "$number" "$home/mail/$2"
}
accounts_begin() {
    local home=$lab_files/$1
    [ ! -e "$home/passwd" ] || return 0
    mkdir -p "$home/pam.d" "$home/mail" "$home/log" "$home/empty" "$home/files"
    echo 'Water the tomatoes on Tuesday.' >"$home/files/notes.txt"
    printf '%s\n' 'nobody:x:65534:65534::/:/bin/false' 'popa3d:x:150:150::/:/bin/false' 'ftp:x:151:151::/:/bin/false' >"$home/passwd"
    printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' 'popa3d:x:150:' 'ftp:x:151:' 'mail:x:8:' 'tty:x:5:' >"$home/group"
    : >"$home/shadow"
    : >"$home/issue"
    local service
    for service in login vsftpd popa3d other; do
        printf '%s\n' 'auth required pam_unix.so nullok' 'account required pam_unix.so' 'session required pam_permit.so' >"$home/pam.d/$service"
    done
}

# The software comes from Debian's packages, in a Debian of its own beside the build, so that nothing of it starts by itself
# on this machine and nothing of this machine is changed. popa3d is only unpacked: Debian wants one POP3 server at a time.
lab_packages() {
    servers=$(realpath -m "$lab_here/../../build/lab/root")
    [ ! -e "$servers/complete" ] || return 0
    local release
    # shellcheck disable=SC1091
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    rm -rf "$servers"
    mkdir -p "${servers%/*}"
    mmdebstrap --variant=minbase --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io --dpkgopt=force-confold \
        --essential-hook='echo "127.0.0.1 $(hostname).home.example $(hostname)" >"$1/etc/hosts"' \
        --include="$(awk '!/^#/ { print $1 }' "$lab_here/packages.tsv" | paste -sd,)" "$release" "$servers"
    (cd "$servers" && apt-get -q download popa3d >/dev/null && dpkg-deb -x popa3d_*.deb . && rm popa3d_*.deb)
    touch "$servers/complete"
}
# packaged NAME COMMAND… and packaged_server NAME COMMAND…: like inside and server, in the lab's Debian. What the command
# changes there goes away with it; what should stay belongs under $lab_files.
packaged() { inside "$1" "$lab_here/with_packages" "$servers" "$lab_files" "${@:2}"; }
packaged_server() { server "$1" "$lab_here/with_packages" "$servers" "$lab_files" "${@:2}"; }
listens() { inside "$1" ss -Hltun "sport = :$2" | grep -q .; }

serve_telnet() {
    accounts_begin "$1"
    server "$1" "$servers/usr/bin/tcpserver" -RHl0 0 23 "$servers/usr/sbin/telnetd" -h --exec-login="/bin/busybox login -p"
    wait_for_port "$1" 23
}
serve_pop3() {
    accounts_begin "$1"
    server "$1" "$servers/usr/bin/tcpserver" -RHl0 0 110 "$servers/usr/sbin/popa3d"
    wait_for_port "$1" 110
}
serve_ftp() {
    accounts_begin "$1"
    mkdir -p "$lab_files/$1/empty"
    printf '%s\n' listen=YES background=NO local_enable=YES write_enable=YES anonymous_enable=NO seccomp_sandbox=NO \
        "secure_chroot_dir=$lab_files/$1/empty" pam_service_name=vsftpd xferlog_enable=NO ftpd_banner=Welcome. \
        >"$lab_files/$1/vsftpd.conf"
    server "$1" "$servers/usr/sbin/vsftpd" "$lab_files/$1/vsftpd.conf"
    wait_for_port "$1" 21
}
# serve_web NAME [USER:PASSWORD]: with Basic authentication where one is given.
serve_web() {
    mkdir -p "$lab_files/$1/www"
    printf '<!doctype html><title>%s</title><p>Hello from %s.</p>\n' "$1" "$1" >"$lab_files/$1/www/index.html"
    { [ $# -lt 2 ] || echo "/:$2"; } >"$lab_files/$1/httpd.conf"
    server "$1" busybox httpd -f -p 80 -h "$lab_files/$1/www" -c "$lab_files/$1/httpd.conf"
    wait_for_port "$1" 80
}
serve_https() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=example.com -keyout "$lab_files/$1/key.pem" \
        -out "$lab_files/$1/certificate.pem" -addext 'subjectAltName=DNS:*.example.com,DNS:*.example.net,DNS:*.example.org' 2>/dev/null
    local address
    for address in 203.0.113.10 203.0.113.20 203.0.113.30 203.0.113.40; do
        server "$1" openssl s_server -quiet -accept "$address:443" -www -key "$lab_files/$1/key.pem" -cert "$lab_files/$1/certificate.pem" >/dev/null 2>&1
    done
    wait_for_port "$1" 443
}
wait_for_port() {
    for _ in $(seq 300); do
        ! listens "$1" "$2" || return 0
        sleep 0.05
    done
    echo "The lab's $1 does not listen on port $2." >&2
    tail -n 5 "$lab_files"/*.log >&2
    exit 1
}

# record_start FILE [NAME INTERFACE] and record_stop: everything that crosses the switch in between, or what NAME hears.
record_start() {
    ip netns exec "linnet-lab-${2:-switch}" tcpdump -i "${3:-br0}" -p -n -U --immediate-mode -Z root -w "$1" >/dev/null 2>"$lab_files/tcpdump.log" &
    recorder=$!
    for _ in $(seq 100); do
        ! grep -qs 'listening on' "$lab_files/tcpdump.log" || break
        sleep 0.05
    done
}
record_stop() {
    sleep 0.5
    kill -TERM "$recorder"
    wait "$recorder" || true
}
