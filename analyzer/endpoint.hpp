// Where the analyzer's sockets are bound.
#pragma once

#include <stdexcept>
#include <string>
#include <zmq.hpp>

namespace linnet {

/// what() is a sentence that names the endpoint and says what to do.
struct EndpointError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Binds, after making the folder of an ipc:// endpoint where it is missing. Throws EndpointError; also where another
/// program listens there already, whose place ZeroMQ would silently take.
void bind(zmq::socket_t& socket, const std::string& endpoint);

}  // namespace linnet
