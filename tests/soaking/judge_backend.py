"""A judge's server in a process of its own: ``python -m soaking.judge_backend PORT``.

It answers as `judge_service.honest` does. What is POSTed to ``/behave/NAME`` changes that:
honest, garbage, errors, hang.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from aiohttp import web
from judge_service import honest
from misbehaving_server import hang, raw, status

BEHAVIOURS = {
    "honest": honest,
    "garbage": raw(b'{"choices": [{"message": {"content": "I like turtles."}}]}'),
    "errors": status(500, "out of order"),
    "hang": hang,
}


class _Server:
    def __init__(self):
        self.behaves = honest

    async def answer(self, request):
        return await self.behaves(request, await request.json())

    async def change(self, request):
        self.behaves = BEHAVIOURS[request.match_info["name"]]
        return web.Response()


async def main(port):
    """Serves until it is killed."""
    server = _Server()
    app = web.Application()
    app.router.add_post("/behave/{name}", server.change)
    app.router.add_post("/v1/chat/completions", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
