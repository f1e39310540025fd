"""What the settings say of a served archive, as it takes it."""

from archive.public import Opening
from archive.searches import Limits
from archive.serving import Ways
from onrecord.config import Config
from onrecord.posting import post


def ways(settings: Config) -> Ways:
    """How it is served; without ``base_url`` no message can be sent."""
    return Ways(
        limits=Limits(**settings.search.model_dump()),
        opening=Opening(**settings.public.model_dump()),
        second_readers=settings.review.second_readers,
        post=post(settings) if settings.base_url else None,
    )
