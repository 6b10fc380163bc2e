"""Settings: read once at the door from the environment (`CASPIAN_…`) and passed down, never imported as a global.

Every setting is described in `docs/configuration.md`; a test holds that page and this file together.
"""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SourceSettings(BaseModel):
    """How one list is fetched; each field overrides what the source's own module says.

    `CASPIAN_LISTS__OFAC_SDN__URL=https://mirror.bank/sdn.xml` or a path to a file or a directory.
    """

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(None, description="Address, file or directory to read the list from.")
    enabled: bool = Field(True, description="False: the list is not fetched and counts as not covered.")
    every: timedelta | None = Field(None, description="Time between two checks, ISO 8601 or seconds.")
    max_age: timedelta | None = Field(None, description="Without a successful check for this long: stale.")


class Settings(BaseSettings):
    """All settings of one process. Durations are ISO 8601 (`PT6H`) or seconds; sizes are bytes."""

    model_config = SettingsConfigDict(env_prefix="CASPIAN_", env_nested_delimiter="__", extra="ignore")

    data_dir: Path = Field(Path("var"), description="Where the embedded database and the index files live.")
    database_url: str = Field("", description="sqlite:///… or postgresql://…; empty: caspian.sqlite in data_dir.")
    lists_dir: Path | None = Field(None, description="A directory of list files, used when a publisher is unreachable.")
    lists: dict[str, SourceSettings] = Field(default_factory=dict, description="Per source, by its key.")
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the server listens on.")
    review_threshold: int = Field(700, ge=1, le=1000, description="Score, in tenths, from which a person looks.")
    match_threshold: int = Field(900, ge=1, le=1000, description="Score, in tenths, from which it is a match.")
    near_misses: int = Field(5, ge=0, le=20, description="How many results below the threshold an answer shows.")
    deal_rules: dict[str, bool] = Field(default_factory=dict, description="Deal rules turned on or off, by id.")
    match_workers: int | None = Field(
        None, ge=0, le=64, description="Processes that match beside the server; default one fewer than cores."
    )
    batch_max_bytes: int = Field(512 * 1024**2, gt=0, description="A larger file is not taken in as a batch.")
    batch_workers: int | None = Field(
        None, ge=1, le=64, description="Processes that score the rows of batches; default one for each core."
    )
    fetch_timeout: float = Field(60.0, gt=0, description="Seconds without a byte before a download is given up.")
    fetch_max_bytes: int = Field(512 * 1024**2, gt=0, description="A larger download is refused.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_json: bool = Field(False, description="Log lines as JSON, for machines.")
    schedule: bool = Field(True, description="Refresh lists and sign checkpoints on schedule, inside the server.")
    session_idle_minutes: int = Field(60, ge=5, le=1440, description="Minutes without use that end a console session.")
    session_hours: int = Field(12, ge=1, le=24, description="Hours that a console session lasts at most.")
    retention_years: int = Field(10, ge=10, le=100, description="Years that records are kept; erased only by order.")
    oidc_issuer: str | None = Field(None, pattern="^https?://", description="Identity provider to sign in through.")
    oidc_client_id: str = Field("caspian", description="What this server is called there.")
    oidc_client_secret: str | None = Field(None, description="Its secret there, if it has one.")
    oidc_role_claim: str = Field("roles", description="The token's claim that says who may do what.")
    oidc_roles: dict[str, str] = Field(default_factory=dict, description="Role by value of that claim, first one wins.")
    checkpoints_dir: Path | None = Field(None, description="A second directory that signed checkpoints are written to.")
    checkpoints_url: str | None = Field(
        None, pattern=r"^https?://", description="Address each checkpoint is POSTed to."
    )
    checkpoints_token: str | None = Field(None, description="Bearer token for that address.")
    checkpoint_minutes: int = Field(5, ge=1, le=59, description="Minutes between two checkpoints of the audit log.")

    case_hours_high: int = Field(4, ge=1, description="Target hours for a case of high priority.")
    case_hours_normal: int = Field(8, ge=1, description="Target hours for a case of normal priority.")
    case_hours_low: int = Field(24, ge=1, description="Target hours for a case of low priority.")
    four_eyes_false_positives: Literal["blocking", "all"] = Field(
        "blocking", description="Which false positives a second person must approve; clearances always."
    )
    four_eyes_true_matches: bool = Field(False, description="True matches need a second person too.")
    clearance_days: int = Field(365, ge=1, le=3650, description="The longest that a clearance may be given for.")
    evidence_max_bytes: int = Field(10 * 1024**2, gt=0, description="A larger file cannot be attached to a case.")
    webhook_allow_private: bool = Field(False, description="Webhooks may go to private addresses, and by http.")

    @model_validator(mode="after")
    def _thresholds_in_order(self) -> "Settings":
        if self.match_threshold < self.review_threshold:
            msg = "match_threshold must not be below review_threshold"
            raise ValueError(msg)
        return self

    @property
    def database(self) -> str:
        """The database address, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'caspian.sqlite'}"

    @property
    def index_dir(self) -> Path:
        """Where index files live, each named by the hash of its snapshots and configuration."""
        return self.data_dir / "index"

    def source(self, key: str) -> SourceSettings:
        """The settings of one source; the defaults where none are given."""
        return self.lists.get(key, SourceSettings())
