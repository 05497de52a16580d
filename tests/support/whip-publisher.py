# A WHIP client (RFC 9725) that is no program of LiveKit's: GStreamer's webrtcbin, which sends a test picture and a tone.
#
#   python3 whip-publisher.py <endpoint>, with the token on standard input
#   python3 whip-publisher.py: only whether there is everything that it needs
#
# Says "published" once the session is there, and ends it in order, with a DELETE, when it is terminated.
import signal
import sys
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
if len(sys.argv) == 1:
    needed = [Gst.ElementFactory.find(name) for name in ("webrtcbin", "nicesink", "vp8enc", "opusenc")]
    sys.exit(0 if all(needed) else 1)
endpoint, token = sys.argv[1], sys.stdin.read().strip()
session = None
pipeline = Gst.parse_launch(
    "webrtcbin name=rtc bundle-policy=max-bundle "
    "videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=30/1 "
    "! vp8enc deadline=1 cpu-used=8 keyframe-max-dist=30 ! rtpvp8pay "
    "! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! rtc. "
    "audiotestsrc is-live=true freq=440 ! audioconvert ! audioresample ! opusenc ! rtpopuspay "
    "! application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! rtc."
)
rtc = pipeline.get_by_name("rtc")
for index in range(2):
    rtc.emit("get-transceiver", index).set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
loop = GLib.MainLoop()


def ask(method, url, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    request = urllib.request.Request(url, method=method, data=body, headers=headers)
    return urllib.request.urlopen(request, timeout=10)


def offer_made(promise, *_):
    # The offer lives as long as the reply that it is part of.
    reply = promise.get_reply()
    rtc.emit("set-local-description", reply.get_value("offer"), None)


def gathered(*_):
    """The offer goes out with all of its candidates, so that nothing has to be said later."""
    global session
    if rtc.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        return
    offer = rtc.get_property("local-description").sdp.as_text()
    with ask("POST", endpoint, offer.encode()) as answer:
        session = urllib.parse.urljoin(endpoint, answer.headers["Location"])
        _, sdp = GstSdp.SDPMessage.new_from_text(answer.read().decode())
    kind = GstWebRTC.WebRTCSDPType.ANSWER
    rtc.emit("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(kind, sdp), None)
    print("published", flush=True)


def end(*_):
    if session:
        ask("DELETE", session).close()
    loop.quit()


rtc.connect("on-negotiation-needed", lambda *_: rtc.emit("create-offer", None, Gst.Promise.new_with_change_func(offer_made)))
rtc.connect("notify::ice-gathering-state", gathered)
GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGTERM, end)
pipeline.set_state(Gst.State.PLAYING)
loop.run()
pipeline.set_state(Gst.State.NULL)
