"""The credits that the licences ask for; every map and every page that shows geography prints them."""

from __future__ import annotations

ONS = "Source: Office for National Statistics licensed under the Open Government Licence v3.0"
OS = "Contains OS data © Crown copyright and database right"
ROYAL_MAIL = "Contains Royal Mail data © Royal Mail copyright and database right"
ATTRIBUTION = (ONS, OS, ROYAL_MAIL)
