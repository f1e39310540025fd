"""Signatures of webhooks, as Standard Webhooks has them (v1: HMAC-SHA256 over id, time and body)."""

import base64
import datetime as dt
import hmac


def headers(key: bytes, message_id: str, body: bytes, *, at: dt.datetime) -> dict[str, str]:
    """The three headers by which the receiver knows that the message is ours, and this one."""
    seconds = int(at.timestamp())
    signed = hmac.new(key, f"{message_id}.{seconds}.".encode() + body, "sha256").digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
