"""Care Home Professional: the trade title of care homes for adults."""

from crawler.platforms.wordpress import WordPress


class CareHomeProfessional(WordPress):
    """On WordPress; all of England."""

    name = "care_home_professional"
    title = "Care Home Professional"
    hosts = ("www.carehomeprofessional.com",)
    terms = "https://www.carehomeprofessional.com/terms-and-conditions/"
    feeds = ("https://www.carehomeprofessional.com/feed/",)
