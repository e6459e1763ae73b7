"""The countries of buyers, by their two letters of ISO 3166."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_LIST: Final = """
    AF Afghanistan; AX Åland Islands; AL Albania; DZ Algeria; AD Andorra; AO Angola; AI Anguilla; AQ Antarctica;
    AG Antigua & Barbuda; AR Argentina; AM Armenia; AW Aruba; AC Ascension Island; AU Australia; AT Austria;
    AZ Azerbaijan; BS Bahamas; BH Bahrain; BD Bangladesh; BB Barbados; BY Belarus; BE Belgium; BZ Belize; BJ Benin;
    BM Bermuda; BT Bhutan; BO Bolivia; BA Bosnia & Herzegovina; BW Botswana; BR Brazil;
    IO British Indian Ocean Territory; VG British Virgin Islands; BN Brunei; BG Bulgaria; BF Burkina Faso;
    BI Burundi; KH Cambodia; CM Cameroon; CA Canada; CV Cape Verde; BQ Caribbean Netherlands; KY Cayman Islands;
    CF Central African Republic; TD Chad; CL Chile; CN China; CO Colombia; KM Comoros; CG Congo (Brazzaville);
    CD Congo (Kinshasa); CK Cook Islands; CR Costa Rica; CI Côte d'Ivoire; HR Croatia; CU Cuba; CW Curaçao;
    CY Cyprus; CZ Czechia; DK Denmark; DJ Djibouti; DM Dominica; DO Dominican Republic; EC Ecuador; EG Egypt;
    SV El Salvador; GQ Equatorial Guinea; ER Eritrea; EE Estonia; SZ Eswatini; ET Ethiopia; FK Falkland Islands;
    FO Faroe Islands; FJ Fiji; FI Finland; FR France; GF French Guiana; PF French Polynesia; GA Gabon; GM Gambia;
    GE Georgia; DE Germany; GH Ghana; GI Gibraltar; GR Greece; GL Greenland; GD Grenada; GP Guadeloupe; GU Guam;
    GT Guatemala; GG Guernsey; GN Guinea; GW Guinea-Bissau; GY Guyana; HT Haiti; HN Honduras; HK Hong Kong;
    HU Hungary; IS Iceland; IN India; ID Indonesia; IR Iran; IQ Iraq; IE Ireland; IM Isle of Man; IL Israel;
    IT Italy; JM Jamaica; JP Japan; JE Jersey; JO Jordan; KZ Kazakhstan; KE Kenya; KI Kiribati; XK Kosovo; KW Kuwait;
    KG Kyrgyzstan; LA Laos; LV Latvia; LB Lebanon; LS Lesotho; LR Liberia; LY Libya; LI Liechtenstein; LT Lithuania;
    LU Luxembourg; MO Macao; MG Madagascar; MW Malawi; MY Malaysia; MV Maldives; ML Mali; MT Malta; MQ Martinique;
    MR Mauritania; MU Mauritius; YT Mayotte; MX Mexico; MD Moldova; MC Monaco; MN Mongolia; ME Montenegro;
    MS Montserrat; MA Morocco; MZ Mozambique; MM Myanmar; NA Namibia; NR Nauru; NP Nepal; NL Netherlands;
    NC New Caledonia; NZ New Zealand; NI Nicaragua; NE Niger; NG Nigeria; NU Niue; KP North Korea;
    MK North Macedonia; NO Norway; OM Oman; PK Pakistan; PS Palestinian Territories; PA Panama; PG Papua New Guinea;
    PY Paraguay; PE Peru; PH Philippines; PN Pitcairn Islands; PL Poland; PT Portugal; PR Puerto Rico; QA Qatar;
    RE Réunion; RO Romania; RU Russia; RW Rwanda; WS Samoa; SM San Marino; ST São Tomé & Príncipe; SA Saudi Arabia;
    SN Senegal; RS Serbia; SC Seychelles; SL Sierra Leone; SG Singapore; SX Sint Maarten; SK Slovakia; SI Slovenia;
    SB Solomon Islands; SO Somalia; ZA South Africa; KR South Korea; SS South Sudan; ES Spain; LK Sri Lanka;
    BL St. Barthélemy; SH St. Helena; KN St. Kitts & Nevis; LC St. Lucia; MF St. Martin; PM St. Pierre & Miquelon;
    VC St. Vincent & Grenadines; SD Sudan; SR Suriname; SE Sweden; CH Switzerland; SY Syria; TW Taiwan;
    TJ Tajikistan; TZ Tanzania; TH Thailand; TL Timor-Leste; TG Togo; TK Tokelau; TO Tonga; TT Trinidad & Tobago;
    TN Tunisia; TR Türkiye; TM Turkmenistan; TC Turks & Caicos Islands; TV Tuvalu; UG Uganda; UA Ukraine;
    AE United Arab Emirates; GB United Kingdom; US United States; UY Uruguay; UZ Uzbekistan; VU Vanuatu;
    VA Vatican City; VE Venezuela; VN Vietnam; WF Wallis & Futuna; EH Western Sahara; YE Yemen; ZM Zambia;
    ZW Zimbabwe
"""

COUNTRIES: Final[Mapping[str, str]] = MappingProxyType(
    {entry[:2]: entry[3:] for entry in re.split(r";\s+", _LIST.strip())}
)
"""The names of the countries in alphabetical order."""

DEFAULT_COUNTRY: Final = "US"
POSTAL_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "US": r"[0-9]{5}(?:-?[0-9]{4})?",
        "PR": r"[0-9]{5}(?:-?[0-9]{4})?",
        "CA": r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]",
        "GB": r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}",
    }
)
"""The form of a postal code in capitals, for the countries whose buyers must give one."""
SAMPLE_POSTAL_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {"US": "12345", "PR": "00901", "CA": "K1A 0B1", "GB": "SW1A 1AA"}
)
"""A postal code for each of these countries, for a form that is filled in with one click."""


def is_postal_code(text: str, country: str) -> bool:
    """The postal code is complete in that country; most countries need none."""
    form = POSTAL_CODES.get(country)
    return form is None or re.fullmatch(form, text.strip().upper(), re.ASCII) is not None
