"""Rows of datasets in their publishers' layouts, for the tests and the benchmark: made up, each column in its place."""

import csv

_GED = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"
    "dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,"
    "number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,"
    "where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,"
    "region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,"
    "low,gwnoa,gwnob"
)
_ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
GED, ACLED = _GED.split(","), _ACLED.split(",")
_PERSON = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
_GEO1 = "Type Fullname CountryCode ADM1Code Lat Long FeatureID"
_GEO2 = "Type Fullname CountryCode ADM1Code ADM2Code Lat Long FeatureID"
_NUMBERS = (
    "IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale"
    " NumMentions NumSources NumArticles AvgTone"
)


def gdelt_columns(version):
    """The columns of GDELT's event files, in order."""
    geo = _GEO2 if version == 2 else _GEO1
    return [
        *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
        *(f"Actor{n}{part}" for n in (1, 2) for part in _PERSON.split()),
        *_NUMBERS.split(),
        *(f"{who}Geo_{part}" for who in ("Actor1", "Actor2", "Action") for part in geo.split()),
        *("DATEADDED", "SOURCEURL"),
    ]


def ged_row(id_, day="2020-10-04", place="Ganja city", *, end="", best=5, low=None, high=None, **more):
    """A row of UCDP GED: by default Armenia shells Ganja and kills five."""
    row = dict.fromkeys(GED, "")
    row |= {
        "id": id_,
        "year": day[:4],
        "type_of_violence": 1,
        "conflict_name": "Armenia - Azerbaijan",
        "side_a": "Government of Armenia",
        "side_b": "Government of Azerbaijan",
        "gwnoa": 371,
        "gwnob": 373,
        "source_article": 'Agency, 2020-10-05, "Shells hit a town"',
        "where_prec": 1,
        "where_coordinates": place,
        "adm_1": "Ganja city",
        "latitude": 40.682778,
        "longitude": 46.360556,
        "country": "Azerbaijan",
        "country_id": 373,
        "date_prec": 1,
        "date_start": f"{day} 00:00:00.000",
        "date_end": f"{end or day} 00:00:00.000",
        "deaths_civilians": best,
        "best": best,
        "low": best if low is None else low,
        "high": best if high is None else high,
    }
    return row | more


def acled_row(id_, day="04 October 2020", **more):
    """A row of ACLED: by default Armenia shells Ganja and kills five."""
    row = dict.fromkeys(ACLED, "")
    row |= {
        "event_id_cnty": id_,
        "event_date": day,
        "year": day[-4:],
        "time_precision": 1,
        "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "actor1": "Military Forces of Armenia (2018-)",
        "actor2": "Civilians (Azerbaijan)",
        "iso": 31,
        "country": "Azerbaijan",
        "admin1": "Ganja",
        "location": "Ganja",
        "latitude": 40.6828,
        "longitude": 46.3606,
        "geo_precision": 1,
        "source": "Agency",
        "notes": "Shells hit a town.",
        "fatalities": 5,
        "timestamp": 1601900000,
    }
    return row | more


def gdelt_row(version, id_, day="20201004", **more):
    """A row of GDELT's event files, 1.0 or 2.0: by default Armenia shells Ganja."""
    row = dict.fromkeys(gdelt_columns(version), "")
    row |= {
        "GLOBALEVENTID": id_,
        "SQLDATE": day,
        "Actor1Code": "ARMMIL",
        "Actor1Name": "ARMENIA",
        "Actor1CountryCode": "ARM",
        "Actor1Type1Code": "MIL",
        "Actor2Code": "AZE",
        "Actor2Name": "AZERBAIJAN",
        "Actor2CountryCode": "AZE",
        "EventCode": "194",
        "EventBaseCode": "194",
        "EventRootCode": "19",
        "ActionGeo_Type": 4,
        "ActionGeo_Fullname": "Ganja, Ganja, Azerbaijan",
        "ActionGeo_CountryCode": "AJ",
        "ActionGeo_Lat": 40.6828,
        "ActionGeo_Long": 46.3606,
        "DATEADDED": day,
        "SOURCEURL": "https://news.example/ganja",
    }
    return row | more


def table(path, rows, delimiter=","):
    """A csv file with a header, of rows that are mappings."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def gdelt_table(path, rows, columns=None):
    """A file of GDELT: tabs, no header, no quotes; the first `columns` columns of each row."""
    lines = ("\t".join(str(value) for value in list(row.values())[:columns]) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path
