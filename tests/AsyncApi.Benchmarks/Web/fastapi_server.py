"""The routes of the benchmark as FastAPI's tutorial writes them: uvicorn, async SQLAlchemy over aiosqlite.

usage: fastapi_server.py PORT DATABASE
"""

import sys
from datetime import datetime, timezone

import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy import Column, Integer, String

engine = create_async_engine("sqlite+aiosqlite:///" + sys.argv[2])
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


@event.listens_for(engine.sync_engine, "connect")
def prepare(connection, _):
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.execute("pragma busy_timeout=5000")
    cursor.close()


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


class Item(Base):
    __tablename__ = "items"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    data = Column(String)
    status = Column(String, default="accepted")
    length = Column(Integer)
    words = Column(Integer)
    sha256 = Column(String)
    error = Column(String)
    job_id = Column(String, default="")
    created_at = Column(String, default=now)
    updated_at = Column(String, default=now)


class ItemDraft(BaseModel):
    name: str | None = None
    data: str


app = FastAPI()


@app.on_event("startup")
async def create():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


def view(item):
    return {
        "id": item.id, "name": item.name, "data": item.data, "status": item.status,
        "result": {"length": item.length, "words": item.words, "sha256": item.sha256}, "error": item.error,
        "jobId": item.job_id, "createdAt": item.created_at, "updatedAt": item.updated_at,
    }


@app.get("/")
async def home():
    return {"message": "Hello World"}


@app.get("/items/{item_id}")
async def find(item_id: int):
    async with Session() as session:
        item = await session.get(Item, item_id)
        if item is None:
            raise HTTPException(404)
        return view(item)


@app.get("/items")
async def page(limit: int = 50):
    async with Session() as session:
        rows = await session.execute(select(Item).order_by(Item.id.desc()).limit(limit))
        return {"items": [view(item) for item in rows.scalars()]}


@app.post("/items", status_code=202)
async def add(draft: ItemDraft):
    async with Session() as session:
        item = Item(name=draft.name, data=draft.data)
        session.add(item)
        await session.commit()
        return {"id": item.id, "status": "accepted", "message": "Processing"}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
