# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2016 # shared with home.sh and record; sh -c has its own $0
# The servers of the lab's devices, from Debian's packages. Sourced by record. A server runs until the lab ends, so each
# function starts it once only; what it needs is written to $lab_files/DEVICE.

# The lab's own certificate authority, which nobody else knows.
authority() {
    [ ! -e "$lab_files/authority.pem" ] || return 0
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/O=Garden Lab/CN=Garden Lab Authority' \
        -keyout "$lab_files/authority.key" -out "$lab_files/authority.pem" 2>/dev/null
    mkdir "$lab_files/issued"
    touch "$lab_files/authority.index"
    printf '%s\n' '[ca]' 'default_ca = lab' '[lab]' "database = $lab_files/authority.index" "new_certs_dir = $lab_files/issued" \
        'policy = any' 'rand_serial = yes' 'default_md = sha256' 'copy_extensions = copy' 'unique_subject = no' '[any]' \
        'commonName = supplied' >"$lab_files/authority.cnf"
}
# certificate FILE HOST [NEW-KEY [openssl ca options…]]: FILE.key and FILE.pem for that host name, for a year unless told otherwise.
certificate() {
    authority
    openssl req -newkey "${3:-rsa:2048}" -nodes -subj "/CN=$2" -addext "subjectAltName=DNS:$2" -keyout "$1.key" -out "$1.csr" 2>/dev/null
    [ $# -gt 3 ] || set -- "$1" "$2" rsa:2048 -days 365
    openssl ca -batch -notext -config "$lab_files/authority.cnf" -cert "$lab_files/authority.pem" -keyfile "$lab_files/authority.key" \
        -in "$1.csr" -out "$1.pem" "${@:4}" 2>/dev/null
    chmod 644 "$1.key"
}
home_certificate() { [ -e "$lab_files/$1/home.pem" ] || certificate "$lab_files/$1/home" "$1.home.example"; }

serve_mqtt() {  # 1883, 8883 TLS, 9001 WebSocket; with a password
    ! listens "$1" 1883 || return 0
    home_certificate "$1"
    local home=$lab_files/$1
    packaged "$1" mosquitto_passwd -b -c "$home/mqtt.passwords" beehive orchard-bell-11
    chmod 644 "$home/mqtt.passwords"
    printf '%s\n' 'allow_anonymous false' "password_file $home/mqtt.passwords" 'listener 1883' 'listener 9001' 'protocol websockets' \
        'listener 8883' "cafile $lab_files/authority.pem" "certfile $home/home.pem" "keyfile $home/home.key" >"$home/mosquitto.conf"
    packaged_server "$1" mosquitto -c "$home/mosquitto.conf" >/dev/null 2>&1
    wait_for_port "$1" 8883
}
serve_snmp() {  # public and a community of its own; version 3 with encryption
    ! listens "$1" 161 || return 0
    local home=$lab_files/$1
    printf '%s\n' 'agentaddress udp:161' 'rocommunity public' 'rocommunity kennel-gate-21' \
        'createUser watcher SHA copper-gutter-22 AES copper-gutter-22' 'rouser watcher authpriv' 'sysLocation Shed' >"$home/snmpd.conf"
    packaged_server "$1" snmpd -f -Lo -C -c "$home/snmpd.conf" >/dev/null 2>&1
    wait_for_port "$1" 161
}
serve_ldap() {  # 389 with StartTLS
    ! listens "$1" 389 || return 0
    home_certificate "$1"
    local home=$lab_files/$1
    printf '%s\n' 'include /etc/ldap/schema/core.schema' 'modulepath /usr/lib/ldap' 'moduleload back_mdb' \
        "TLSCertificateFile $home/home.pem" "TLSCertificateKeyFile $home/home.key" 'database mdb' 'suffix dc=home,dc=example' \
        'rootdn cn=keeper,dc=home,dc=example' 'rootpw walnut-drawer-31' 'directory /var/lib/ldap' >"$home/slapd.conf"
    packaged_server "$1" sh -c "rm -rf /var/lib/ldap/*; exec slapd -d 0 -f $home/slapd.conf -h ldap:///" >/dev/null 2>&1
    wait_for_port "$1" 389
}
serve_mail() {  # IMAP 143, POP3 1110 (popa3d has 110 elsewhere), SMTP 25 and 587; all with STARTTLS and CRAM-MD5, POP3 with APOP
    ! listens "$1" 587 || return 0
    home_certificate "$1"
    local home=$lab_files/$1
    echo 'florist:{PLAIN}saddle-ribbon-41:1000:1000::/tmp' >"$home/mail.passwords"
    printf '%s\n' 'protocols = imap pop3' 'ssl = yes' "ssl_cert = <$home/home.pem" "ssl_key = <$home/home.key" \
        'disable_plaintext_auth = no' 'auth_mechanisms = plain login cram-md5 apop' 'mail_location = maildir:/tmp/mail' \
        'log_path = /dev/null' 'first_valid_uid = 1000' 'service imap-login { inet_listener imaps { port = 0 } }' \
        'service pop3-login { inet_listener pop3s { port = 0 } inet_listener pop3 { port = 1110 } }' \
        'service auth { inet_listener { address = 127.0.0.1 port = 12345 } }' \
        "passdb { driver = passwd-file args = $home/mail.passwords }" 'userdb { driver = static args = uid=1000 gid=1000 home=/tmp }' |
        sed -E 's/([{}])/\n\1\n/g; s/^ *\n//; s/ (address|port|args|inet_listener) /\n\1 /g' | sed -zE 's/\n+ *\{/ {/g' >"$home/dovecot.conf"
    printf '%s\n' 'mkdir -p /run/dovecot; dovecot -F -c '"$home"'/dovecot.conf &' \
        "postconf -e compatibility_level=3.6 maillog_file=/dev/stdout inet_protocols=ipv4 smtpd_sasl_auth_enable=yes \\" \
        "  smtpd_sasl_type=dovecot smtpd_sasl_path=inet:127.0.0.1:12345 mydestination=home.example local_transport=discard: \\" \
        "  myhostname=$1.home.example smtpd_peername_lookup=no smtpd_tls_security_level=may smtpd_tls_cert_file=$home/home.pem smtpd_tls_key_file=$home/home.key" \
        'postconf -M submission/inet="submission inet n - n - - smtpd" smtp/inet="smtp inet n - n - - smtpd"' \
        'exec postfix start-fg' >"$home/mail.sh"
    packaged_server "$1" sh "$home/mail.sh" >"$lab_files/mail.log" 2>&1
    wait_for_port "$1" 587
    wait_for_port "$1" 1110
}
serve_news() {
    ! listens "$1" 119 || return 0
    local home=$lab_files/$1
    packaged "$1" openssl passwd -1 pencil-grass-51 | sed 's/^/reader:/' >"$home/news.passwords"
    chmod 644 "$home/news.passwords"
    printf '%s\n' 'auth "home" {' '    hosts: "*"' "    auth: \"ckpasswd -f $home/news.passwords\"" '}' \
        'access "readers" {' '    users: "reader"' '    newsgroups: "*"' '}' >"$home/readers.conf"
    printf '%s\n' 'sed -i /^domain:/d /etc/news/inn.conf; echo domain: home.example >>/etc/news/inn.conf' \
        'setpriv --reuid=news --regid=news --init-groups /usr/lib/news/bin/makehistory -O -x -F' \
        "exec tcpserver -RHl0 0 119 setpriv --reuid=news --regid=news --init-groups /usr/lib/news/bin/nnrpd -c $home/readers.conf" >"$home/news.sh"
    packaged_server "$1" sh "$home/news.sh" >"$lab_files/news.log" 2>&1
    wait_for_port "$1" 119
}
serve_shells() {  # rlogin 513, rsh 514; `miller` asks for a password, `weaver` trusts the lab
    ! listens "$1" 514 || return 0
    local home=$lab_files/$1
    printf '%s\n' 'useradd -m miller; useradd -m weaver; echo miller:thimble-barn-61 | chpasswd' \
        'echo "+ +" >/home/weaver/.rhosts; chown weaver /home/weaver/.rhosts; chmod 600 /home/weaver/.rhosts' \
        'for s in rlogin rsh; do printf "auth sufficient pam_rhosts.so promiscuous\nauth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n" >/etc/pam.d/$s; done' \
        'tcpserver -RHl0 0 513 in.rlogind & exec tcpserver -RHl0 0 514 in.rshd' >"$home/shells.sh"
    packaged_server "$1" sh "$home/shells.sh" >/dev/null 2>&1
    wait_for_port "$1" 513
    wait_for_port "$1" 514
}
serve_xmpp() {
    ! listens "$1" 5222 || return 0
    home_certificate "$1"
    local home=$lab_files/$1
    printf '%s\n' 'modules_enabled = { "saslauth"; "tls"; "roster"; "disco" }' 'modules_disabled = { "s2s"; "http" }' \
        'c2s_require_encryption = false' 'allow_unencrypted_plain_auth = true' 'authentication = "internal_plain"' \
        'log = { error = "/dev/null" }' 'data_path = "/tmp/prosody"' 'pidfile = "/tmp/prosody.pid"' \
        'VirtualHost "home.example"' "ssl = { key = \"$home/home.key\"; certificate = \"$home/home.pem\" }" >"$home/prosody.cfg.lua"
    printf '%s\n' 'mkdir -p /tmp/prosody; chown prosody /tmp/prosody' \
        "printf 'lantern-cellar-71\nlantern-cellar-71\n' | prosodyctl --config $home/prosody.cfg.lua adduser baker@home.example" \
        "exec setpriv --reuid=prosody --regid=prosody --init-groups prosody -F --config $home/prosody.cfg.lua" >"$home/xmpp.sh"
    packaged_server "$1" sh "$home/xmpp.sh" >"$lab_files/xmpp.log" 2>&1
    wait_for_port "$1" 5222
}
serve_screens() {  # 5901 asks nobody, 5902 asks for a password (VNC's own way, at most 8 characters)
    ! listens "$1" 5902 || return 0
    local home=$lab_files/$1
    echo quilt-81 | packaged "$1" tigervncpasswd -f >"$home/vnc.password"
    packaged_server "$1" Xtigervnc :1 -SecurityTypes None -geometry 64x48 -depth 16 >/dev/null 2>&1
    packaged_server "$1" Xtigervnc :2 -SecurityTypes VncAuth -PasswordFile "$home/vnc.password" -geometry 64x48 -depth 16 >/dev/null 2>&1
    wait_for_port "$1" 5901
    wait_for_port "$1" 5902
}
serve_mysql() {  # `cook` signs in with a clear-text password (through PAM), `butler` with a scrambled one
    ! listens "$1" 3306 || return 0
    local home=$lab_files/$1
    printf '%s\n' "CREATE USER cook IDENTIFIED VIA pam USING 'mariadb';" \
        "CREATE USER butler IDENTIFIED BY 'velvet-basin-92';" >"$home/mysql.sql"
    printf '%s\n' 'useradd cook; echo cook:marble-spoon-91 | chpasswd; usermod -aG shadow mysql' \
        'printf "auth required pam_unix.so\naccount required pam_permit.so\n" >/etc/pam.d/mariadb' \
        'mkdir -p /run/mysqld /tmp/mysql; chown mysql /run/mysqld /tmp/mysql' \
        'mariadb-install-db --user=mysql --datadir=/tmp/mysql --skip-test-db >/dev/null' \
        "cat $home/mysql.sql >/tmp/init.sql" \
        'exec mariadbd --no-defaults --user=mysql --datadir=/tmp/mysql --init-file=/tmp/init.sql --plugin-load-add=auth_pam_v1 --pam-use-cleartext-plugin=ON --skip-name-resolve --bind-address=0.0.0.0 --plugin-maturity=unknown' >"$home/mysql.sh"
    packaged_server "$1" sh "$home/mysql.sh" >"$lab_files/mysql.log" 2>&1
    wait_for_port "$1" 3306
}
serve_postgresql() {  # `tailor` is asked for a clear-text password, `mason` by SCRAM
    ! listens "$1" 5432 || return 0
    home_certificate "$1"
    local home=$lab_files/$1
    printf '%s\n' 'host all tailor 0.0.0.0/0 password' 'host all mason 0.0.0.0/0 scram-sha-256' 'local all all trust' >"$home/pg_hba.conf"
    cat >"$home/postgresql.sh" <<PG
bin=\$(echo /usr/lib/postgresql/*/bin)
cp $home/home.key /tmp/pg.key; chown postgres /tmp/pg.key; chmod 600 /tmp/pg.key
as() { setpriv --reuid=postgres --regid=postgres --init-groups "\$@"; }
mkdir -p /run/postgresql; chown postgres /run/postgresql
as \$bin/initdb -D /tmp/pg --no-sync >/dev/null
printf '%s\n' "CREATE USER tailor PASSWORD 'button-shelf-95';" "CREATE USER mason PASSWORD 'gravel-hook-96';" | as \$bin/postgres --single -D /tmp/pg postgres >/dev/null
exec setpriv --reuid=postgres --regid=postgres --init-groups \$bin/postgres -D /tmp/pg -c listen_addresses='*' -c hba_file=$home/pg_hba.conf -c ssl=on -c ssl_cert_file=$home/home.pem -c ssl_key_file=/tmp/pg.key
PG
    packaged_server "$1" sh "$home/postgresql.sh" >"$lab_files/postgresql.log" 2>&1
    wait_for_port "$1" 5432
}
serve_redis() {  # 6379 with a password and the user `porter`, 6380 for everybody
    ! listens "$1" 6380 || return 0
    packaged_server "$1" redis-server --save '' --requirepass clover-bucket-97 --user porter on '>ginger-ladder-98' '~*' +@all >/dev/null 2>&1
    packaged_server "$1" redis-server --save '' --port 6380 --protected-mode no >/dev/null 2>&1
    wait_for_port "$1" 6379
    wait_for_port "$1" 6380
}
serve_memcached() {
    ! listens "$1" 11211 || return 0
    packaged_server "$1" memcached -u nobody -U 0 >/dev/null 2>&1
    wait_for_port "$1" 11211
}
serve_irc() {
    ! listens "$1" 6667 || return 0
    local home=$lab_files/$1
    printf '%s\n' '[Global]' 'Name = irc.home.example' 'Info = Garden' 'Password = timber-kettle-101' 'Ports = 6667' '[Options]' \
        'DNS = no' 'Ident = no' 'PAM = no' >"$home/ngircd.conf"
    packaged_server "$1" ngircd -n -f "$home/ngircd.conf" >/dev/null 2>&1
    wait_for_port "$1" 6667
}
serve_proxies() {  # SOCKS5 1080, HTTP 8888
    ! listens "$1" 8888 || return 0
    local home=$lab_files/$1
    printf '%s\n' 'Port 8888' 'BasicAuth courier walnut-sleigh-112' 'LogLevel Critical' >"$home/tinyproxy.conf"
    packaged_server "$1" microsocks -u courier -P pebble-stove-111 >/dev/null 2>&1
    packaged_server "$1" tinyproxy -d -c "$home/tinyproxy.conf" >/dev/null 2>&1
    wait_for_port "$1" 1080
    wait_for_port "$1" 8888
}
serve_rtsp() {  # 554: /basic and /digest with a password, /open without
    ! listens "$1" 554 || return 0
    packaged_server "$1" "$lab_here/rtsp_camera.py" watchman barrel-window-121 >/dev/null 2>&1
    wait_for_port "$1" 554
}
serve_camera() {  # 8000: web form, JSON, ONVIF, picture stream
    ! listens "$1" 8000 || return 0
    server "$1" "$lab_here/camera_web.py" 8000 watchman barrel-window-121 >/dev/null 2>&1
    wait_for_port "$1" 8000
}
