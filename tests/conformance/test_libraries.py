"""What our code leans on in other people's libraries, beyond what they promise: still there in what is installed."""

import asyncio
import ctypes
import inspect
import socket
import sqlite3
import threading

import aiosqlite
import bleak
import fastapi.sse
import paho.mqtt.client as paho
import pytest
import serialx
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from agent.adapters.mqtt import SESSION_TAKEN_OVER, WITH_WILL
from firmware_sims import bleak_backend


def client(**how):
    return paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, **how)


# --- paho -----------------------------------------------------------------------------------------


def test_pahos_thread_runs_loop_forever_which_we_watch(monkeypatch):
    monkeypatch.setattr(paho, "_socketpair_compat", socket.socketpair)
    ran = threading.Event()

    class Watched(paho.Client):
        def loop_forever(self, *args, **kwargs):
            ran.set()
            return MQTTErrorCode.MQTT_ERR_SUCCESS

    watched = Watched(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    watched.loop_start()
    assert ran.wait(2)
    watched.loop_stop()


def test_pahos_client_can_be_told_not_to_connect_again_by_itself():
    parameters = inspect.signature(paho.Client).parameters

    assert parameters["reconnect_on_failure"].default is True
    assert parameters["manual_ack"].default is False


def test_a_message_is_acknowledged_only_when_told():
    sent = []
    quiet, manual = client(), client(manual_ack=True)
    for each in (quiet, manual):
        each._send_puback = sent.append
    quiet.ack(7, 1)
    manual.ack(8, 1)
    manual.ack(9, 0)

    assert [8] == sent


def test_a_queue_that_is_full_says_so_by_its_return_code():
    full = client()
    full.max_inflight_messages_set(1)
    full.max_queued_messages_set(1)

    first, second = full.publish("a", b"1", qos=1), full.publish("a", b"2", qos=1)
    assert MQTTErrorCode.MQTT_ERR_QUEUE_SIZE != first.rc
    assert MQTTErrorCode.MQTT_ERR_QUEUE_SIZE == second.rc


def test_the_last_word_and_a_takeover_have_the_codes_that_mqtt_gives_them():
    assert 0x04 == ReasonCode(PacketTypes.DISCONNECT, WITH_WILL).value
    taken_over = ReasonCode(PacketTypes.DISCONNECT, identifier=SESSION_TAKEN_OVER)
    assert "Session taken over" == str(taken_over)


def test_a_connection_can_bound_what_is_sent_to_it():
    properties = Properties(PacketTypes.CONNECT)
    properties.ReceiveMaximum = 1000

    assert properties.pack().endswith(b"\x21\x03\xe8")


def test_a_topic_that_is_no_text_raises_only_where_it_is_read():
    message = paho.MQTTMessage(1, b"\xff\xfe")
    with pytest.raises(UnicodeDecodeError):
        _ = message.topic


# --- bleak ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("front", [bleak.BleakScanner, bleak.BleakClient])
def test_bleak_takes_a_backend(front):
    assert "backend" in inspect.signature(front.__init__).parameters


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (bleak_backend.Scanner, BaseBleakScanner),
        (bleak_backend.Client, BaseBleakClient),
    ],
)
def test_our_backend_has_everything_that_bleak_asks_of_one(ours, theirs):
    assert issubclass(ours, theirs)
    assert frozenset() == ours.__abstractmethods__


def test_bleaks_scanner_can_be_started_and_stopped_by_hand():
    for name in ("start", "stop"):
        assert inspect.iscoroutinefunction(getattr(bleak.BleakScanner, name))


# --- aiosqlite ------------------------------------------------------------------------------------


async def test_a_statement_whose_caller_is_cancelled_still_runs_and_stays_open(tmp_path):
    """Why one task owns the connection, and nothing cancels it between BEGIN and COMMIT."""
    async with aiosqlite.connect(tmp_path / "a.db", isolation_level=None) as connection:
        await connection.execute("CREATE TABLE t (n)")

        async def half():
            await connection.execute("BEGIN IMMEDIATE")
            await connection.execute("INSERT INTO t VALUES (1)")
            await connection.execute("COMMIT")

        task = asyncio.ensure_future(half())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await connection.execute("SELECT 1")

        assert connection.in_transaction


async def test_a_commit_whose_caller_is_cancelled_is_on_disk(tmp_path):
    async with aiosqlite.connect(tmp_path / "a.db", isolation_level=None) as connection:
        await connection.execute("CREATE TABLE t (n)")
        await connection.execute("BEGIN IMMEDIATE")
        await connection.execute("INSERT INTO t VALUES (1)")
        commit = asyncio.ensure_future(connection.execute("COMMIT"))
        await asyncio.sleep(0)
        commit.cancel()
        await asyncio.wait([commit])
        [(rows,)] = await connection.execute_fetchall("SELECT count(*) FROM t")

        assert (1, False) == (rows, connection.in_transaction)


def test_sqlite_tells_a_full_disk_by_its_code():
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA max_page_count=2")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.executescript("CREATE TABLE t (n); CREATE TABLE u (n); CREATE TABLE v (n);")
    connection.close()

    assert sqlite3.SQLITE_FULL == full.value.sqlite_errorcode


# --- the others -----------------------------------------------------------------------------------


def test_serialx_opens_a_line_as_we_call_it():
    parameters = inspect.signature(serialx.create_serial_connection).parameters

    assert ["loop", "protocol_factory", "url", "baudrate"] == list(parameters)[:4]
    assert {"parity", "stopbits", "exclusive", "kwargs"} <= parameters.keys()
    assert {"NONE", "EVEN", "ODD"} <= serialx.Parity.__members__.keys()
    assert serialx.StopBits(1.0).value == 1.0


def test_the_kernels_answer_about_its_clock_fits_the_room_we_give_it():
    """struct timex takes 208 bytes on 64-bit Linux; we give 512."""
    room = ctypes.create_string_buffer(b"\0" * 208 + b"\xaa" * 304, 512)
    state = ctypes.CDLL(None, use_errno=True).adjtimex(room)

    assert 0 <= state <= 5
    assert b"\xaa" * 304 == room.raw[208:]


def test_fastapi_writes_events_from_an_asynchronous_generator():
    event = fastapi.sse.ServerSentEvent(event="stable", data={"a": 1})

    assert ("stable", {"a": 1}) == (event.event, event.data)
    assert "text/event-stream" == fastapi.sse.EventSourceResponse.media_type
