#!/usr/bin/env python3
"""A camera with GStreamer's RTSP server on port 554:  rtsp_camera.py USER PASSWORD

Port 554 (/basic) and port 8554 (/digest) ask for the password in these two ways, port 10554 (/open) asks nobody. The picture
is small, still and slow.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PICTURE = ("( videotestsrc is-live=true pattern=blue ! video/x-raw,format=I420,width=64,height=48,framerate=5/1 "
           "! jpegenc ! rtpjpegpay name=pay0 pt=26 )")


def factory(permitted: str) -> GstRtspServer.RTSPMediaFactory:
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(PICTURE)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_role(permitted)
    for right in ("media.factory.access", "media.factory.construct"):
        permissions.add_permission_for_role(permitted, right, True)
    made.set_permissions(permissions)
    return made


def serve(port: int, method: GstRtsp.RTSPAuthMethod | None, path: str, user: str, password: str) -> GstRtspServer.RTSPServer:
    server = GstRtspServer.RTSPServer()
    server.set_service(str(port))
    if method is not None:
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(method)
        if method == GstRtsp.RTSPAuthMethod.BASIC:
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
        else:
            auth.add_digest(user, password, token)
        server.set_auth(auth)
    made = factory("viewer")
    if method is None:
        made = GstRtspServer.RTSPMediaFactory()
        made.set_launch(PICTURE)
    server.get_mount_points().add_factory(path, made)
    server.attach(None)
    return server


def main() -> None:
    Gst.init(None)
    user, password = sys.argv[1:]
    servers = [serve(8554, GstRtsp.RTSPAuthMethod.DIGEST, "/digest", user, password), serve(10554, None, "/open", user, password),
               serve(554, GstRtsp.RTSPAuthMethod.BASIC, "/basic", user, password)]
    assert servers
    GLib.MainLoop().run()


main()
