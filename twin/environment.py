"""The product's configuration: every environment variable it reads, in one table.

docs/betrieb.md shows the same table; a test keeps both equal. Unknown ``KZ_*`` names and malformed values are refused by
name before anything starts, so that a typing error never becomes a silent default.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.config import Config

PREFIX = "KZ_"


class ConfigurationError(Exception):
    """One or more environment variables are unknown, missing or malformed; the message names each."""


def boolean(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("expected true or false")


def natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("expected a whole number, zero or more")
    return number


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def url_of(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text and urlsplit(text).scheme not in schemes:
            raise ValueError(f"expected a URL that starts with {' or '.join(f'{s}://' for s in schemes)}")
        return text

    return parse


def redis_server(text: str) -> str:
    text = url_of("redis", "rediss", "unix", "redis+socket")(text)
    if not _redis_database(text).isdecimal():
        raise ValueError("the database is a number: redis://host/2 or unix:///path/redis.sock?db=2")
    return text


def _redis_database(text: str) -> str:
    address = urlsplit(text)
    if address.scheme in {"redis", "rediss"}:
        return address.path.strip("/") or "0"
    return parse_qs(address.query).get("db", ["0"])[0]


def redis_databases(text: str) -> tuple[str, str]:
    """Addresses for tasks and for the cache: the database that `text` names (else 0), and the one after it.

    Two, because emptying the cache empties a database. Celery and Django write the address of a socket differently.
    """
    address, number = urlsplit(text), int(_redis_database(text))
    if address.scheme in {"redis", "rediss"}:
        server = f"{address.scheme}://{address.netloc}"
        return f"{server}/{number}", f"{server}/{number + 1}"
    socket = f"{address.netloc}{address.path}"
    return f"redis+socket://{socket}?virtual_host={number}", f"unix://{socket}?db={number + 1}"


def bucket(text: str) -> dict[str, Any]:
    """Options of django-storages' S3 backend from s3://KEY:SECRET@host[:port]/bucket[/folder][?region=…][&tls=false]."""
    if not text:
        return {}
    address, more = (
        urlsplit(text),
        {name: values[-1] for name, values in parse_qs(urlsplit(text).query).items()},
    )
    name, _slash, folder = address.path.strip("/").partition("/")
    if address.scheme != "s3" or not (address.hostname and name and address.username and address.password):
        raise ValueError("expected s3://KEY:SECRET@host/bucket")
    if unknown := set(more) - {"region", "tls"}:
        raise ValueError(f"unknown option {', '.join(sorted(unknown))}; known are region and tls")
    port = f":{address.port}" if address.port else ""
    scheme = "https" if boolean(more.get("tls", "true")) else "http"
    return {
        "access_key": unquote(address.username),
        "secret_key": unquote(address.password),
        "endpoint_url": f"{scheme}://{address.hostname}{port}",
        "bucket_name": name,
        "location": folder,
        "region_name": more.get("region"),
        "max_memory_size": 8 * 1024 * 1024,  # bytes; what is larger comes by way of the disk
        "client_config": Config(
            connect_timeout=5,  # seconds
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            s3={"addressing_style": "path"},  # as servers other than Amazon's have it
        ),
    }


def span(text: str) -> tuple[float, float] | None:
    if not text.strip():
        return None
    low, high = (float(each) for each in text.split(","))
    if not low < high:
        raise ValueError("expected two numbers, the lower one first")
    return low, high


def choice(*options: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in options:
            raise ValueError(f"expected one of {', '.join(options)}")
        return text

    return parse


@dataclass(frozen=True)
class Variable:
    name: str
    parse: Callable[[str], Any]
    default: str
    meaning: str
    secret: bool = False


DATABASE = url_of("postgis", "postgres", "postgresql")
MAIL = url_of("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail")

TABLE: tuple[Variable, ...] = (
    Variable(
        "DATABASE_URL",
        DATABASE,
        "",
        "PostgreSQL with PostGIS, as the serving login (no owner, no superuser)",
        True,
    ),
    Variable(
        "OWNER_DATABASE_URL",
        DATABASE,
        "",
        "the same database, as the login that owns the tables (migrations only)",
        True,
    ),
    Variable(
        "REDIS_URL",
        redis_server,
        "",
        "Redis, database number included (redis://host/2): that one is for tasks, the one after it for the cache",
        True,
    ),
    Variable(
        "KZ_DATA_DIR",
        str,
        "",
        "folder for private and public files, logs and the mail outbox; default .local/data",
    ),
    Variable(
        "KZ_FILES_URL",
        bucket,
        "",
        "S3 bucket for private files, s3://KEY:SECRET@host/bucket (`?region=…`, `?tls=false`); empty: below KZ_DATA_DIR alone",
        True,
    ),
    Variable(
        "KZ_SECRET_KEY",
        str,
        "",
        "signs sessions and receipts; at least 50 characters; ./run makes one in .local",
        True,
    ),
    Variable("KZ_DEBUG", boolean, "false", "Django's debug pages; never in operation"),
    Variable("KZ_DEMO", boolean, "false", "demo data and demo logins on the login page; never in operation"),
    Variable(
        "KZ_HOSTS",
        words,
        "localhost,127.0.0.1,[::1]",
        "host names served, comma separated; .example.de means all below it",
    ),
    Variable(
        "KZ_BASE_URL",
        url_of("http", "https"),
        "http://localhost:8000",
        "public address, used in mails, QR codes and feeds",
    ),
    Variable(
        "KZ_HTTPS",
        boolean,
        "false",
        "secure cookies, HSTS and redirect to https (behind a proxy that sets X-Forwarded-Proto)",
    ),
    Variable(
        "KZ_TRUSTED_PROXIES", natural, "0", "number of proxies in front whose X-Forwarded-For is believed"
    ),
    Variable("KZ_BIND", str, "127.0.0.1", "address the web server listens on"),
    Variable("KZ_PORT", natural, "8000", "port the web server listens on"),
    Variable("KZ_WEB_WORKERS", natural, "1", "web server processes"),
    Variable(
        "KZ_WEB_THREADS",
        natural,
        "4",
        "requests that each of them works on at once; each holds a database connection",
    ),
    Variable("KZ_TASK_WORKERS", natural, "2", "worker processes for long jobs"),
    Variable("KZ_ANALYSIS_WORKERS", natural, "1", "analyses that are computed at once"),
    Variable("KZ_ANALYSIS_THREADS", natural, "2", "threads of each; as many as there are cores for it"),
    Variable(
        "KZ_ANALYSIS_MEMORY_MB", natural, "4096", "memory that one analysis may take; a larger one is refused"
    ),
    Variable(
        "KZ_GROUND_HEIGHTS",
        span,
        "80,350",
        "lowest and highest ground of the county in m above sea level (Landkreis Meißen); elevation models in another unit are noticed by it; empty: unknown",
    ),
    Variable(
        "KZ_EMAIL_URL",
        MAIL,
        "filemail://",
        "mail server, for example smtp+tls://user:password@mail.example.de:587",
        True,
    ),
    Variable("KZ_EMAIL_FROM", str, "Kreiszwilling <noreply@localhost>", "sender of all mails"),
    Variable("KZ_LOG_LEVEL", choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "how much the log says"),
    Variable(
        "KZ_BASEMAP_URL",
        url_of("http", "https"),
        "",
        "XYZ tiles shown under plans, {z}/{x}/{y} in the address; empty: none",
    ),
    Variable("KZ_BASEMAP_ATTRIBUTION", str, "", "source note of the base map, shown on the map"),
    Variable(
        "KZ_DCAT_CONTRIBUTOR",
        url_of("http", "https"),
        "http://dcat-ap.de/def/contributors/freistaatSachsen",
        "data provider in the DCAT-AP.de feed, from GovData's list (dcat-ap.de/def/contributors)",
    ),
    Variable(
        "KZ_PARCELS_URL",
        url_of("http", "https"),
        "",
        "items of an OGC API Features collection with the parcels of ALKIS, for plan information; empty: none",
    ),
    Variable(
        "KZ_PARCELS_FIELD",
        str,
        "",
        "property of that collection that holds a parcel's number and can be asked for; empty: by place alone",
    ),
    Variable(
        "KZ_GEOCODER_URL",
        url_of("http", "https"),
        "",
        "geocoder that answers GeoJSON, with {q} where the address goes; empty: none",
    ),
    Variable(
        "KZ_PEGELONLINE_URL",
        url_of("http", "https"),
        "https://www.pegelonline.wsv.de/webservices/rest-api/v2",
        "REST service of PEGELONLINE that gauges are read from",
    ),
    Variable(
        "KZ_LFULG_URL",
        url_of("http", "https"),
        "https://luis.sachsen.de/arcgis/rest/services/wasser/pegelnetz/FeatureServer/1",
        "ArcGIS layer of LfULG Sachsen that gauges and alarm stages are read from",
    ),
    Variable(
        "KZ_TRUSTED_HOSTS",
        words,
        "",
        "hosts inside the own network that may be asked for parcels, addresses and as registered services, comma separated (host or host:port)",
    ),
    Variable("KZ_UPLOAD_MAX_MB", natural, "150", "largest plan upload in megabytes"),
    Variable("KZ_DATASET_MAX_MB", natural, "2048", "largest upload of a dataset in megabytes"),
    Variable(
        "KZ_OGC_PER_MINUTE",
        natural,
        "3000",
        "requests a minute that one address may send to /ogc/, people signed in or with a token five times as many; 0: no limit",
    ),
    Variable(
        "KZ_API_PER_MINUTE",
        natural,
        "600",
        "requests a minute that one address may send to /api/, people signed in or with a token five times as many; 0: no limit",
    ),
    Variable(
        "KZ_OIDC_URL", url_of("http", "https"), "", "OpenID Connect issuer for single sign-on; empty: off"
    ),
    Variable("KZ_OIDC_CLIENT_ID", str, "", "OpenID Connect client id"),
    Variable("KZ_OIDC_CLIENT_SECRET", str, "", "OpenID Connect client secret", True),
    Variable("KZ_OIDC_NAME", str, "Single Sign-on", "label of the single sign-on button"),
)


def read(environ: Mapping[str, str]) -> dict[str, Any]:
    """Values of all variables in TABLE.

    environ: the process environment. Returns name -> parsed value.
    Raises ConfigurationError naming every unknown ``KZ_*`` variable and every malformed value; never shows a secret.
    """
    known = {variable.name for variable in TABLE}
    problems = [
        f"{name}: unknown setting"
        for name in sorted(environ)
        if name.startswith(PREFIX) and name not in known
    ]
    values: dict[str, Any] = {}
    for variable in TABLE:
        text = environ.get(variable.name, variable.default)
        try:
            values[variable.name] = variable.parse(text)
        except ValueError as error:
            shown = "" if variable.secret else f" {text!r}"
            problems.append(f"{variable.name}: malformed value{shown}: {error}")
    if problems:
        raise ConfigurationError("Configuration refused. " + "; ".join(problems))
    return values


def as_markdown() -> str:
    """TABLE as it stands in docs/betrieb.md; ``python -m twin.environment`` prints it."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for variable in TABLE:
        default = f"`{variable.default}`" if variable.default else ""
        secret = " (secret)" if variable.secret else ""
        lines.append(f"| `{variable.name}` | {default} | {variable.meaning}{secret} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(as_markdown())  # noqa: T201 - this is its output
