# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2016 # shared with home.sh and record; sh -c has its own $0
# The lab's situations about TLS: servers outside with each kind of bad certificate, each once with a client that carries on
# and once with one that refuses. Sourced by record.

# serve_tls HOST.example.net [openssl s_server options…]: on port 443 of that host's own address.
serve_tls() {
    local address
    address=$(awk -v name="$1.example.net" '$1 == name { print $2 }' "$lab_here/outside.tsv")
    [ ! -e "$lab_files/outside/$1.served" ] || return 0
    touch "$lab_files/outside/$1.served"
    server outside openssl s_server -quiet -www -accept "$address:443" -key "$lab_files/outside/$1.key" -cert "$lab_files/outside/$1.pem" \
        "${@:2}" >/dev/null 2>&1
    for _ in $(seq 100); do
        ! inside outside ss -Hltn "src $address and sport = :443" | grep -q . || return 0
        sleep 0.05
    done
}
# serve_bad HOST NEW-KEY CERTIFICATE-NAME [openssl ca options…]
serve_bad() {
    [ -e "$lab_files/outside/$1.pem" ] || certificate "$lab_files/outside/$1" "$3" "$2" "${@:4}"
    serve_tls "$1" -tls1_2 -cipher DEFAULT:@SECLEVEL=0
}
carries_on() { quiet web "$1" --insecure --tls-max 1.2 --ciphers DEFAULT:@SECLEVEL=0 "https://$2.example.net/"; }
refuses() { quiet web "$1" --cacert "$lab_files/authority.pem" --tls-max 1.2 "https://$2.example.net/"; }

tls_expired() {  # tls-bad-certificate-accepted: the television carries on, the laptop refuses
    serve_bad expired rsa:2048 expired.example.net -startdate 20190301000000Z -enddate 20200301000000Z
    carries_on tv expired
    refuses laptop expired
}
tls_early() {  # tls-bad-certificate-accepted: the television carries on, the laptop refuses
    serve_bad early rsa:2048 early.example.net -startdate "$(date -ud +60days +%Y%m%d000000Z)" -enddate "$(date -ud +400days +%Y%m%d000000Z)"
    carries_on tv early
    refuses laptop early
}
tls_selfmade() {  # tls-bad-certificate-accepted: the television carries on, the laptop refuses
    [ -e "$lab_files/outside/selfmade.pem" ] ||
        openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=selfmade.example.net -addext subjectAltName=DNS:selfmade.example.net \
            -keyout "$lab_files/outside/selfmade.key" -out "$lab_files/outside/selfmade.pem" 2>/dev/null
    serve_tls selfmade -tls1_2
    carries_on tv selfmade
    refuses laptop selfmade
}
tls_other_name() {  # tls-bad-certificate-accepted: the television carries on, the laptop refuses
    serve_bad other rsa:2048 another.example.net -days 365
    carries_on tv other
    refuses laptop other
}
tls_weak_key() {  # tls-bad-certificate-accepted: the television carries on, the laptop refuses
    serve_bad weak rsa:1024 weak.example.net -days 365
    carries_on tv weak
    refuses laptop weak
}
tls_sha1() {  # tls-bad-certificate-accepted: the television carries on, the laptop refuses
    serve_bad sha1 rsa:2048 sha1.example.net -days 365 -md sha1
    carries_on tv sha1
    refuses laptop sha1
}
tls_private_authority() {  # the client knows who issued it; Linnet cannot
    serve_bad good rsa:2048 good.example.net -days 365
    refuses laptop good
}
tls_modern() {  # nothing: TLS 1.3 hides its certificate
    [ -e "$lab_files/outside/modern.pem" ] ||
        certificate "$lab_files/outside/modern" modern.example.net rsa:2048 -startdate 20190301000000Z -enddate 20200301000000Z
    serve_tls modern -tls1_3
    quiet web tv --insecure https://modern.example.net/
}
# old DEVICE HOST s_client options…: says GET and waits for the end.
old() {
    printf 'GET / HTTP/1.0\r\n\r\n' | inside "$1" timeout 10 openssl s_client -quiet -no_ign_eof -connect "$2.example.net:443" \
        -servername "$2.example.net" "${@:3}" >/dev/null 2>&1 || true
}
tls_obsolete() {  # tls-obsolete: TLS 1.0, TLS 1.1
    local version
    for version in 0 1; do
        [ -e "$lab_files/outside/tls1$version.pem" ] || certificate "$lab_files/outside/tls1$version" "tls1$version.example.net"
    done
    serve_tls tls10 -tls1 -cipher DEFAULT:@SECLEVEL=0
    serve_tls tls11 -tls1_1 -cipher DEFAULT:@SECLEVEL=0
    old tv tls10 -tls1 -cipher DEFAULT:@SECLEVEL=0
    old camera tls11 -tls1_1 -cipher DEFAULT:@SECLEVEL=0
}
tls_null() {  # tls-obsolete: TLS 1.2 with a cipher that encrypts nothing
    [ -e "$lab_files/outside/null.pem" ] || certificate "$lab_files/outside/null" null.example.net
    serve_tls null -tls1_2 -cipher NULL-SHA256:@SECLEVEL=0
    old plug null -tls1_2 -cipher NULL-SHA256:@SECLEVEL=0
}
tls_situations=(tls-expired tls-early tls-selfmade tls-other-name tls-weak-key tls-sha1 tls-private-authority tls-modern tls-obsolete
    tls-null)
