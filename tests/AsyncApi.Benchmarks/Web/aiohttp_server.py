"""The routes of the benchmark on aiohttp and the standard library's sqlite3, one commit a POST.

sqlite3 is called on the loop's own thread: a thread pool costs more than these queries.
usage: aiohttp_server.py PORT DATABASE
"""

import json
import sqlite3
import sys
from datetime import datetime, timezone

from aiohttp import web

try:
    import uvloop

    uvloop.install()
except ImportError:
    pass

database = sqlite3.connect(sys.argv[2], isolation_level=None)
database.execute("pragma journal_mode=wal")
database.execute("pragma synchronous=full")
database.execute("pragma busy_timeout=5000")
database.execute(
    "create table if not exists items (id integer primary key, name text, data text, status text, length integer, words integer, "
    "sha256 text, error text, job_id text, created_at text, updated_at text)"
)


def view(row):
    return {
        "id": row[0], "name": row[1], "data": row[2], "status": row[3], "result": {"length": row[4], "words": row[5], "sha256": row[6]},
        "error": row[7], "jobId": row[8], "createdAt": row[9], "updatedAt": row[10],
    }


async def home(request):
    return web.json_response({"message": "Hello World"})


async def find(request):
    row = database.execute("select * from items where id = ?", (int(request.match_info["id"]),)).fetchone()
    if row is None:
        raise web.HTTPNotFound()
    return web.json_response(view(row))


async def page(request):
    limit = int(request.query.get("limit", "50"))
    rows = database.execute("select * from items order by id desc limit ?", (limit,))
    return web.json_response({"items": [view(row) for row in rows]})


async def add(request):
    draft = json.loads(await request.read())
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    cursor = database.execute(
        "insert into items (name, data, status, job_id, created_at, updated_at) values (?, ?, 'accepted', '', ?, ?)",
        (draft.get("name"), draft["data"], now, now))
    return web.json_response({"id": cursor.lastrowid, "status": "accepted", "message": "Processing"}, status=202)


app = web.Application()
app.add_routes([web.get("/", home), web.get("/items/{id}", find), web.get("/items", page), web.post("/items", add)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
