-- The head of the chain: where the next capture goes. One row.
CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    link TEXT NOT NULL
) STRICT;

-- Captures are the chain and the outbox at once: a row without outcome waits for its receipt.
CREATE TABLE capture (
    n INTEGER PRIMARY KEY,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    link TEXT NOT NULL,
    hash TEXT NOT NULL,
    sig TEXT NOT NULL,
    statement TEXT NOT NULL,
    intervention TEXT NOT NULL,
    outcome TEXT,
    reason TEXT,
    UNIQUE (epoch, seq)
) STRICT;
CREATE INDEX capture_waiting ON capture (n) WHERE outcome IS NULL;
CREATE INDEX capture_intervention ON capture (intervention, n);

CREATE TABLE technician (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    pin TEXT NOT NULL
) STRICT;

CREATE TABLE pairing (
    instrument TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE assignment (
    intervention TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE form (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

-- A command is written here before it is carried out, so that it never is twice.
CREATE TABLE command (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    outcome TEXT,
    detail TEXT
) STRICT;
