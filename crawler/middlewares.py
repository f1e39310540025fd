"""Middleware of the downloader: keep each response as the server sent it."""

import datetime as dt

from scrapy import Request
from scrapy.http import Response

from storage.dates import utc_now
from storage.warc import Exchange


class AsSent:
    """Puts the last response, before redirects and decompression, into ``meta["as_sent"]``."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the exchange; the response goes on unchanged."""
        request.meta["as_sent"] = exchange_of(response, utc_now())
        return response


def exchange_of(response: Response, at: dt.datetime) -> Exchange:
    """What the server sent, as evidence."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    content_type = response.headers.get("Content-Type")
    return Exchange(
        url=response.url,
        fetched_at=at,
        body=response.body,
        status=response.status,
        headers=headers,
        content_type=content_type.decode("latin-1") if content_type else None,
        tls_verified=True if response.certificate is not None else None,
    )
