"""A local server that answers as each geocoding service does."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

# 杭州市西湖区文三路90号, in the datum of each service.
WGS84 = (30.2767000, 120.1240000)
AMAP = {
    "status": "1",
    "info": "OK",
    "infocode": "10000",
    "count": "1",
    "geocodes": [
        {
            "formatted_address": "浙江省杭州市西湖区文三路90号",
            "adcode": "330106",
            "location": "120.128773,30.274417",
            "level": "门牌号",
        }
    ],
}
AMAP_NOTHING = {"status": "1", "info": "OK", "infocode": "10000", "count": "0", "geocodes": []}
AMAP_REFUSED = {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}
TIANDITU = {
    "status": "0",
    "msg": "ok",
    "searchVersion": "6.4.9V",
    "location": {"score": 100, "level": "门址", "lon": 120.124, "lat": 30.2767, "keyWord": "x"},
}
TIANDITU_NOTHING = {"status": "101", "msg": "无结果"}
TIANDITU_REFUSED = {"code": 301003, "msg": "权限类型错误"}
BAIDU = {
    "status": 0,
    "result": {
        "location": {"lng": 120.135211, "lat": 30.280744},
        "precise": 1,
        "confidence": 80,
        "comprehension": 100,
        "level": "门址",
    },
}
BAIDU_NOTHING = {"status": 1, "msg": "Internal Service Error:无相关结果", "results": []}
BAIDU_REFUSED = {"status": 240, "message": "APP 服务被禁用"}
NOMINATIM = [
    {
        "place_id": 1,
        "lat": "30.2767",
        "lon": "120.124",
        "category": "building",
        "type": "yes",
        "place_rank": 30,
        "display_name": "90, 文三路",
    }
]


@dataclass
class Service:
    """What the server answers, and what it was asked."""

    url: str = ""
    answer: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)


@contextmanager
def serve() -> Iterator[Service]:
    """Run the server while the block runs."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            service.asked.append((parts.path, parse_qs(parts.query)))
            body = service.answer
            if not isinstance(body, bytes):
                body = json.dumps(body, ensure_ascii=False).encode()
            self.send_response(service.status)
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
