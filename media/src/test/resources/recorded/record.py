"""Records what ffmpeg's RTP packetiser sends: NAME.sdp, and NAME.rtp holding each datagram after two bytes of length.
Usage: record.py NAME ffmpeg-arguments...   (pictures and sound are ffmpeg's own test sources, rendered here)"""
import socket, struct, subprocess, sys

name, arguments = sys.argv[1], sys.argv[2:]
inbox = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inbox.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
inbox.bind(("127.0.0.1", 0))
inbox.settimeout(1.5)
port = inbox.getsockname()[1]
sender = subprocess.Popen(
    ["ffmpeg", "-hide_banner", "-loglevel", "error", *arguments, "-f", "rtp", "-sdp_file", name + ".sdp",
     "rtp://127.0.0.1:%d?pkt_size=1200" % port])
packets = []
while True:
    try:
        datagram = inbox.recv(65535)
    except TimeoutError:
        if sender.poll() is not None:
            break
        continue
    if not 192 <= datagram[1] <= 223:  # RTCP came to the same port
        packets.append(datagram)
with open(name + ".rtp", "wb") as out:
    for packet in packets:
        out.write(struct.pack(">H", len(packet)) + packet)
print(name, len(packets), "packets")
