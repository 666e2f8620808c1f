# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2016 # shared with home.sh and record; sh -c has its own $0
# The lab's situations about readable credentials: each protocol once in clear (right and wrong), and once hidden, which must stay
# silent. Sourced by record. Every user and password is made up.

at() { address_of "$1"; }
# quiet COMMAND…: what it says and how it ends does not matter.
quiet() { "$@" >/dev/null 2>&1 </dev/null || true; }
type_at() { quiet packaged "$1" timeout 30 "$lab_here/typist.py" "${@:2}"; }
mail() { quiet web "$1" --insecure "${@:2}"; }

mqtt_login() {  # cleartext-login mqtt: success (3.1.1), failure of another user (5), success over WebSocket
    serve_mqtt hub
    quiet packaged plug mosquitto_pub -h "$(at hub)" -V 311 -u beehive -P orchard-bell-11 -t shed/temperature -m 12
    quiet packaged plug mosquitto_pub -h "$(at hub)" -V 5 -u wasp -P wrong-bell-12 -t shed/temperature -m 12
    quiet packaged laptop "$lab_here/mqtt_over_web.py" "$(at hub)" 9001 beehive orchard-bell-11
}
mqtt_hidden() {  # nothing: TLS
    serve_mqtt hub
    quiet packaged plug mosquitto_pub -h "$(at hub)" -p 8883 --cafile "$lab_files/authority.pem" --insecure -u beehive -P orchard-bell-11 -t a -m 1
}
snmp_login() {  # cleartext-login snmp twice, default-login for "public"
    serve_snmp hub
    quiet packaged laptop snmpget -v2c -c kennel-gate-21 -t 2 -r 0 "$(at hub)" 1.3.6.1.2.1.1.6.0
    quiet packaged phone snmpget -v2c -c public -t 2 -r 0 "$(at hub)" 1.3.6.1.2.1.1.6.0
}
snmp_hidden() {  # nothing: version 3 with a key
    serve_snmp hub
    quiet packaged laptop snmpget -v3 -l authPriv -u watcher -a SHA -A copper-gutter-22 -x AES -X copper-gutter-22 "$(at hub)" 1.3.6.1.2.1.1.6.0
}
ldap_login() {  # cleartext-login ldap: success, failure of another user
    serve_ldap hub
    quiet packaged laptop ldapwhoami -x -H "ldap://$(at hub)" -D cn=keeper,dc=home,dc=example -w walnut-drawer-31
    quiet packaged laptop ldapwhoami -x -H "ldap://$(at hub)" -D cn=guest,dc=home,dc=example -w wrong-drawer-32
}
ldap_hidden() {  # nothing: StartTLS, and a bind without a name
    serve_ldap hub
    quiet packaged laptop env LDAPTLS_REQCERT=never ldapwhoami -x -ZZ -H "ldap://$(at hub)" -D cn=keeper,dc=home,dc=example -w walnut-drawer-31
    quiet packaged laptop ldapwhoami -x -H "ldap://$(at hub)"
}
imap_login() {  # cleartext-login imap: LOGIN (success), AUTHENTICATE PLAIN (failure), AUTHENTICATE LOGIN (failure)
    serve_mail hub
    type_at laptop "busybox telnet $(at hub) 143" ready 'a LOGIN florist saddle-ribbon-41' 'a OK' 'b LOGOUT' 'b OK'
    mail laptop --login-options 'AUTH=PLAIN' --user gardenia:wrong-ribbon-42 "imap://$(at hub)/"
    mail laptop --login-options 'AUTH=LOGIN' --user primrose:wrong-ribbon-43 "imap://$(at hub)/"
}
imap_hidden() {  # nothing: STARTTLS, CRAM-MD5
    serve_mail hub
    mail laptop --ssl-reqd --user florist:saddle-ribbon-41 "imap://$(at hub)/"
    mail laptop --login-options 'AUTH=CRAM-MD5' --user florist:saddle-ribbon-41 "imap://$(at hub)/"
}
pop3_sasl() {  # cleartext-login pop3: AUTH PLAIN (success), AUTH LOGIN (failure)
    serve_mail hub
    mail laptop --login-options 'AUTH=PLAIN' --user florist:saddle-ribbon-41 "pop3://$(at hub):1110/"
    mail laptop --login-options 'AUTH=LOGIN' --user gardenia:wrong-ribbon-42 "pop3://$(at hub):1110/"
}
pop3_hidden() {  # nothing: APOP, STLS, CRAM-MD5
    serve_mail hub
    mail laptop --login-options 'AUTH=+APOP' --user florist:saddle-ribbon-41 "pop3://$(at hub):1110/"
    mail laptop --ssl-reqd --user florist:saddle-ribbon-41 "pop3://$(at hub):1110/"
    mail laptop --login-options 'AUTH=CRAM-MD5' --user florist:saddle-ribbon-41 "pop3://$(at hub):1110/"
}
send_mail() { quiet packaged "$1" swaks --server "$(at hub)" --helo garden --from a@home.example --to b@home.example "${@:2}"; }
smtp_login() {  # cleartext-login smtp: AUTH PLAIN on 587 (success), AUTH LOGIN on 25 (failure)
    serve_mail hub
    send_mail laptop --port 587 --auth PLAIN --auth-user florist --auth-password saddle-ribbon-41 --quit-after RCPT
    send_mail laptop --port 25 --auth LOGIN --auth-user gardenia --auth-password wrong-ribbon-42 --quit-after AUTH
}
smtp_hidden() {  # nothing: STARTTLS, CRAM-MD5
    serve_mail hub
    send_mail laptop --port 587 --tls --auth PLAIN --auth-user florist --auth-password saddle-ribbon-41 --quit-after RCPT
    send_mail laptop --port 587 --auth CRAM-MD5 --auth-user florist --auth-password saddle-ribbon-41 --quit-after RCPT
}
news_login() {  # cleartext-login nntp: success, failure of another user
    serve_news hub
    type_at laptop "busybox telnet $(at hub) 119" 20 'AUTHINFO USER reader' 381 'AUTHINFO PASS pencil-grass-51' 281 QUIT 205
    type_at laptop "busybox telnet $(at hub) 119" 20 'AUTHINFO USER stranger' 381 'AUTHINFO PASS wrong-grass-52' 48 QUIT 205
}
rlogin() {  # cleartext-login rlogin: success, failure
    serve_shells hub
    type_at laptop "rlogin -l miller $(at hub)" 'assword: ' thimble-barn-61 '$ ' exit
    type_at laptop "rlogin -l miller $(at hub)" 'assword: ' wrong-barn-62 'assword: '
}
rsh() {  # cleartext-login rsh: no password at all, the name is enough
    serve_shells hub
    quiet packaged laptop rsh -l weaver "$(at hub)" uptime
}
chat_login() { quiet packaged "$1" sh -c 'echo Hello | timeout 20 sendxmpp "$@"' sh -u "$2" -p "$3" -j "$(at hub):5222" -o home.example "${@:4}" baker@home.example; }
xmpp_login() {  # cleartext-login xmpp: PLAIN, success and failure
    serve_xmpp hub
    chat_login laptop baker lantern-cellar-71
    chat_login laptop butcher wrong-cellar-72
}
xmpp_hidden() {  # nothing: STARTTLS
    serve_xmpp hub
    chat_login laptop baker lantern-cellar-71 -t --no-tls-verify
}
open_screen() {  # cleartext-control: a screen for everybody; nothing about the other, whose password cannot be read
    serve_screens hub
    quiet packaged laptop timeout 3 vncsnapshot -allowblank "$(at hub):1" /tmp/a.jpg
    quiet packaged laptop timeout 3 vncsnapshot -allowblank -passwd "$lab_files/hub/vnc.password" "$(at hub):2" /tmp/a.jpg
}
ask_mysql() { quiet packaged "$1" mariadb --host "$(at hub)" --user "$2" "--password=$3" --execute 'SELECT 1' "${@:4}"; }
mysql_login() {  # cleartext-login mysql: success, failure
    serve_mysql hub
    ask_mysql laptop cook marble-spoon-91
    ask_mysql laptop cook wrong-spoon-93
}
mysql_hidden() {  # nothing: the ordinary, scrambled way
    serve_mysql hub
    ask_mysql laptop butler velvet-basin-92
}
ask_postgresql() { quiet packaged "$1" env "PGPASSWORD=$3" psql "host=$(at hub) user=$2 dbname=postgres sslmode=$4" --command 'SELECT 1'; }
postgresql_login() {  # cleartext-login postgresql: success, failure
    serve_postgresql hub
    ask_postgresql laptop tailor button-shelf-95 disable
    ask_postgresql laptop tailor wrong-shelf-94 disable
}
postgresql_hidden() {  # nothing: SCRAM, TLS
    serve_postgresql hub
    ask_postgresql laptop mason gravel-hook-96 disable
    ask_postgresql laptop tailor button-shelf-95 require
}
ask_redis() { quiet packaged "$1" redis-cli -h "$(at hub)" "${@:2}"; }
redis_login() {  # cleartext-login redis: the old way and with a user; failure
    serve_redis hub
    ask_redis laptop -a clover-bucket-97 PING
    ask_redis laptop --user porter -a ginger-ladder-98 PING
    ask_redis laptop -a wrong-bucket-99 PING
}
open_databases() {  # cleartext-control: Redis and memcached that ask nobody
    serve_redis hub
    serve_memcached hub
    ask_redis laptop -p 6380 SET seeds 12
    quiet packaged laptop sh -c 'printf "stats\r\nquit\r\n" | busybox nc -w 3 "$0" 11211' "$(at hub)"
}
irc_login() {  # cleartext-login irc: PASS, and NickServ
    serve_irc hub
    quiet packaged phone sh -c 'sleep 4 | timeout 20 sic -h "$0" -n NickServ -k timber-kettle-101' "$(at hub)" &
    sleep 1
    quiet packaged laptop sh -c '{ sleep 1; echo ":m NickServ IDENTIFY ribbon-kettle-102"; sleep 1; } | timeout 20 sic -h "$0" -n piper -k timber-kettle-101' "$(at hub)"
    wait $!
}
socks_login() {  # cleartext-login socks5: success, failure
    serve_proxies hub
    quiet web laptop --proxy "socks5://courier:pebble-stove-111@$(at hub)" http://203.0.113.10/
    quiet web laptop --proxy "socks5://burglar:wrong-stove-113@$(at hub)" http://203.0.113.10/
}
proxy_login() {  # cleartext-login http-proxy: success, failure
    serve_proxies hub
    quiet web laptop --proxy "http://courier:walnut-sleigh-112@$(at hub):8888" http://203.0.113.10/
    quiet web laptop --proxy "http://burglar:wrong-sleigh-114@$(at hub):8888" http://203.0.113.10/
}
play() { quiet packaged "$1" timeout 30 ffmpeg -loglevel error -rtsp_transport "$2" -i "$3" -t "${4:-0.4}" -f null -; }
rtsp_login() {  # cleartext-login rtsp (success, failure), cleartext-media
    serve_rtsp camera
    play laptop tcp "rtsp://watchman:barrel-window-121@$(at camera)/basic"
    play laptop tcp "rtsp://burglar:wrong-window-122@$(at camera)/basic"
}
rtsp_hidden() {  # no login: Digest. The picture is readable all the same: cleartext-media
    serve_rtsp camera
    play laptop tcp "rtsp://watchman:barrel-window-121@$(at camera):8554/digest"
}
# telephone DEVICE SCENARIO REGISTRAR-ASKS PHONE-SAYS
telephone() {
    { echo SEQUENTIAL; echo "$3"; } >"$lab_files/hub/asks.csv"
    { echo SEQUENTIAL; echo "$4"; } >"$lab_files/$1/says.csv"
    quiet packaged hub timeout 20 sipp -sf "$lab_here/sip/registrar.xml" -inf "$lab_files/hub/asks.csv" -i "$(at hub)" -p 5060 -m 1 -nostdin &
    wait_for_port hub 5060
    quiet packaged "$1" timeout 20 sipp "$(at hub)" -sf "$lab_here/sip/$2" -inf "$lab_files/$1/says.csv" -i "$(at "$1")" -p 5060 -m 1 -nostdin
    wait $!
}
sip_login() {  # cleartext-login sip: Basic
    telephone phone phone_basic.xml 'Basic realm="home"' "$(printf potter:wicker-basket-131 | base64)"
}
sip_hidden() {  # nothing: Digest
    telephone phone phone_digest.xml 'Digest realm="home", nonce="47364c23432d2e131a5fb210812c", algorithm=MD5' \
        '[authentication username=potter password=wicker-basket-131]'
}
soap() {  # soap DEVICE USER PASSWORD-ELEMENT
    web "$1" --header 'Content-Type: application/soap+xml' --data-binary @- "http://$(at camera):8000/onvif/device_service" <<X
<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><wsse:UsernameToken><wsse:Username>$2</wsse:Username>$3</wsse:UsernameToken></wsse:Security></s:Header><s:Body><GetDeviceInformation xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>
X
}
token_kind=http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0
onvif_login() {  # cleartext-login onvif: success, failure
    serve_camera camera
    soap laptop watchman "<wsse:Password Type=\"$token_kind#PasswordText\">barrel-window-121</wsse:Password>"
    soap laptop burglar "<wsse:Password Type=\"$token_kind#PasswordText\">wrong-window-122</wsse:Password>"
}
onvif_hidden() {  # nothing: PasswordDigest
    serve_camera camera
    local created=2026-03-01T12:00:00Z nonce=garden-gate-nonce
    soap laptop watchman "<wsse:Password Type=\"$token_kind#PasswordDigest\">$(printf %s "$nonce${created}barrel-window-121" |
        openssl dgst -sha1 -binary | base64)</wsse:Password><wsse:Nonce>$(printf %s $nonce | base64)</wsse:Nonce><wsu:Created xmlns:wsu=\"x\">$created</wsu:Created>"
}
form_login() {  # cleartext-login http-form: a form (success), JSON (failure)
    serve_camera camera
    web laptop --data 'username=watchman&password=barrel-window-121' "http://$(at camera):8000/login"
    web laptop --header 'Content-Type: application/json' --data '{"username":"burglar","password":"wrong-window-122"}' "http://$(at camera):8000/api/login"
}
form_hidden() {  # nothing about logins: the same over TLS
    web laptop --insecure "https://cloud.example.net/login?username=watchman&password=barrel-window-121"
}
login_situations=(mqtt-login mqtt-hidden snmp-login snmp-hidden ldap-login ldap-hidden imap-login imap-hidden pop3-sasl pop3-hidden
    smtp-login smtp-hidden news-login rlogin rsh xmpp-login xmpp-hidden open-screen mysql-login mysql-hidden postgresql-login
    postgresql-hidden redis-login open-databases irc-login socks-login proxy-login rtsp-login rtsp-hidden sip-login sip-hidden
    onvif-login onvif-hidden form-login form-hidden)
