"""What is said of the site to those who never look at it: search engines, messengers. Pure."""

from collections.abc import Iterable

from record.settings.sections import Company
from record.whereabouts import is_near
from web.present.prices import Offer

MOST = 100  # services in the description of a company


def public_root(public_url: str, came_to: str) -> str:
    """Return the address that everybody reaches the site by, without a slash at its end.

    As long as the settings name none but this machine's own, it is the one that a
    request ``came_to``.
    """
    if public_url and not is_near(public_url):
        return public_url.rstrip("/")
    return came_to.rstrip("/")


def business(
    company: Company, offers: Iterable[Offer], root: str, picture: str
) -> dict[str, object]:
    """Return the company as schema.org knows it, with its services and their prices."""
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Electrician",
        "@id": f"{root}/#company",
        "name": company.name,
        "url": f"{root}/",
        "image": picture,
        "legalName": company.legal_name,
        "taxID": company.inn,
        "address": company.address,
        "email": company.email,
        "telephone": company.phone,
        "currenciesAccepted": "RUB",
    }
    if company.city:
        said["areaServed"] = {"@type": "City", "name": company.city}
    services = [_offer(offer) for offer in list(offers)[:MOST]]
    if services:
        said["hasOfferCatalog"] = {
            "@type": "OfferCatalog",
            "name": "Услуги и цены",
            "itemListElement": services,
        }
    # what a company has not said is left out, not said to be empty
    return {name: value for name, value in said.items() if value}


def _offer(offer: Offer) -> dict[str, object]:
    service = offer.service
    about = {"@type": "Service", "name": service.name, "category": offer.category}
    if service.description:
        about["description"] = service.description
    said: dict[str, object] = {"@type": "Offer", "itemOffered": about}
    if service.price is not None:
        price = f"{service.price:f}".removesuffix(".00")
        if service.is_open:
            least = {"@type": "PriceSpecification", "minPrice": price}
            said["priceSpecification"] = least | {"priceCurrency": "RUB"}
        else:
            said |= {"price": price, "priceCurrency": "RUB"}
    return said
