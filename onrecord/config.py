"""The newsroom's settings: flags, then ``ONRECORD_…`` in the environment, then ``onrecord.toml``."""

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from storage.errors import UsageMistake
from storage.retention import Days

FILE_NAME = "onrecord.toml"


class ProfileSettings(BaseModel):
    """What the newsroom looks for; see ``crawler.profile``."""

    model_config = ConfigDict(extra="forbid")

    words: list[str] = []
    places: list[str] = []


class PublicSettings(BaseModel):
    """What anybody may see without an account; see ``archive.public.Opening``. Nothing by default."""

    model_config = ConfigDict(extra="forbid")

    open: bool = False
    machine_links: bool = False
    indexed: bool = False
    suppress_on_report: bool = False


class SearchSettings(BaseModel):
    """How much one person or token may search for; see ``archive.searches.Limits``."""

    model_config = ConfigDict(extra="forbid")

    seconds: float = 1.0
    at_once: int = 4


class ReviewSettings(BaseModel):
    """How people check the links; see ``archive.reading.queue``."""

    model_config = ConfigDict(extra="forbid")

    second_readers: float = Field(default=0.1, ge=0, le=1)
    """The share of what is decided that a second person reads too."""


class RetentionSettings(BaseModel):
    """For how many days each kind is kept, 0 for ever; see ``storage.retention.Days``."""

    model_config = ConfigDict(extra="forbid")

    unlinked_captures: int = Field(default=0, ge=0)
    people_blocks: int = Field(default=0, ge=0)
    sessions: int = Field(default=30, ge=0)
    ended: int = Field(default=30, ge=0)
    messages: int = Field(default=90, ge=0)
    contacts: int = Field(default=90, ge=0)
    failures: int = Field(default=365, ge=0)

    @property
    def days(self) -> Days:
        """What the archive is told."""
        return Days(**{kind: kept or None for kind, kept in self.model_dump().items()})


class ScheduleSettings(BaseModel):
    """What ``onrecord schedule`` does, and how often; see ``onrecord.scheduling.work``."""

    model_config = ConfigDict(extra="forbid")

    at_once: int = Field(default=4, ge=1, le=32)
    link_minutes: int = Field(default=15, ge=1)
    hours: float = Field(default=6.0, gt=0)
    gone: float = Field(default=30.0, ge=3)
    exports: str | None = None
    backups: str | None = None
    keep: int = Field(default=14, ge=1)
    metrics: str | None = None


class MailSettings(BaseModel):
    """Where e-mail is handed in; see ``archive.alerts.post.MailServer``."""

    model_config = ConfigDict(extra="forbid")

    host: str
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: str | None = Field(default=None, repr=False)
    password_file: Path | None = None
    """A file that holds the password alone, such as a service manager's secret."""
    sender: str


class ChatSettings(BaseModel):
    """A chat that alerts may go to; see ``archive.alerts.post.Chat``."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(default=None, repr=False)
    url_file: Path | None = None
    """A file that holds the address alone: it has the chat's password in it."""
    text: bool = False


class AlertSettings(BaseModel):
    """How alerts are sent; see ``archive.alerts.post.Post``. No channel but webhooks by default."""

    model_config = ConfigDict(extra="forbid")

    mail: MailSettings | None = None
    chats: dict[str, ChatSettings] = {}
    webhook_hosts: dict[str, str] = {}
    webhook_text: bool = False
    operator: str | None = None
    hour: int = Field(default=7, ge=0, le=23)
    keep_days: float = Field(default=5, gt=0, le=30)


class Config(BaseSettings):
    """What can be set once for a newsroom; each field is documented in the README."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", env_nested_delimiter="__", extra="forbid")

    archive: str = Field(default="./onrecord.db", repr=False)
    """A path, or an address, which may hold a password."""
    evidence: str | None = None
    evidence_store: str | None = None
    """An address of fsspec's (``s3://bucket/prefix``), where finished WARC files are put too."""
    evidence_local: Literal["keep", "drop"] = "keep"
    """What becomes of a WARC file's local copy once the evidence store has it."""
    contact: str | None = None
    """A web or e-mail address that the crawler's user agent names."""
    patch: list[str] = []
    """Authorities the newsroom covers."""
    profile: ProfileSettings = ProfileSettings()
    """Words and places that an article must have to be kept; empty: all of them are."""
    sources: str = "./sources"
    """The folder of the newsroom's own sources, one file each."""
    hosts: dict[str, str] = {}
    """Hosts inside the newsroom's own network that may be crawled, and where each is: ``"10.0.0.5:80"``."""
    browser: str | None = None
    """Where Chromium is, for sources that need JavaScript; by default where it is found."""
    public: PublicSettings = PublicSettings()
    """The public view: composed lines, never a press text."""
    search: SearchSettings = SearchSettings()
    """The time a search has, and how many of one person or token may be under way."""
    review: ReviewSettings = ReviewSettings()
    """How people check the links."""
    retention: RetentionSettings = RetentionSettings()
    """How long what has no more use is kept."""
    schedule: ScheduleSettings = ScheduleSettings()
    """What is done every day by ``onrecord schedule``."""
    alerts: AlertSettings = AlertSettings()
    """How people are told of what they follow."""
    base_url: str | None = None
    """The address under which the archive is reached, for links in feeds and messages."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before the nearest settings file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file_in_use())


def file_in_use() -> Path:
    """The settings file: the one of the working directory, else the user's own; it need not be there."""
    here = Path(FILE_NAME)
    return here if here.exists() else platformdirs.user_config_path("onrecord") / FILE_NAME


def load() -> Config:
    """The settings in force; UsageMistake naming the field that is wrong."""
    try:
        return Config()
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageMistake(f"{file_in_use()}: {where}: {first['msg']}") from None
    except ValueError as error:
        raise UsageMistake(f"{file_in_use()}: {error}") from None
