// Pictures and sound in clear, by the exchange that begins them: RTSP PLAY (RFC 2326, section 10.5), moving pictures in one
// HTTP response (multipart/x-mixed-replace with image/jpeg parts), and RTSP that is tunnelled in HTTP.
#pragma once

#include "http_exchange.hpp"

namespace linnet {

/// Tells an Observation where the server agreed. Its subject is "for anybody" where nothing in the request was a proof of
/// who asks; it never holds the address of the stream, in which cameras like to have the password. False where too little of
/// the response has arrived to say what it carries.
bool report_http_media(const HttpExchange& exchange, const Conversation& c, Findings& findings);

}  // namespace linnet
