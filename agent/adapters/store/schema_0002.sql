-- Attempts to move money. One open attempt of a terminal and of an intervention: the store itself refuses a second.
CREATE TABLE payment (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    intervention TEXT NOT NULL,
    terminal TEXT NOT NULL,
    state TEXT NOT NULL,
    begun TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX payment_intervention ON payment (intervention);
CREATE UNIQUE INDEX payment_open_terminal ON payment (terminal)
    WHERE state IN ('created', 'sending', 'sent', 'pending', 'unknown');
CREATE UNIQUE INDEX payment_open_intervention ON payment (intervention)
    WHERE state IN ('created', 'sending', 'sent', 'pending', 'unknown');

-- What is settled stays so: corrections are attempts of their own. Its receipt may come later.
CREATE TRIGGER payment_settled BEFORE UPDATE ON payment
    WHEN OLD.state IN ('approved', 'declined', 'cancelled', 'not_sent')
    AND (
        NEW.state <> OLD.state
        OR json_extract(OLD.document, '$.stated.ticket') IS NOT NULL
        OR json_remove(NEW.document, '$.stated.ticket', '$.captured')
            <> json_remove(OLD.document, '$.stated.ticket', '$.captured')
    )
BEGIN
    SELECT RAISE(ABORT, 'the payment is settled');
END;
CREATE TRIGGER payment_kept BEFORE DELETE ON payment
BEGIN
    SELECT RAISE(ABORT, 'payments are kept');
END;

-- What happened to each attempt, in order.
CREATE TABLE payment_event (
    n INTEGER PRIMARY KEY,
    payment TEXT NOT NULL REFERENCES payment (id),
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE INDEX payment_event_payment ON payment_event (payment, n);

-- Answers of terminals that fit no attempt; somebody has to look at each.
CREATE TABLE payment_orphan (
    n INTEGER PRIMARY KEY,
    document TEXT NOT NULL,
    seen TEXT
) STRICT;

-- Terminals that a person paired: only these are ever sent an amount.
CREATE TABLE terminal (
    name TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT;

-- Who may give money back.
ALTER TABLE technician ADD COLUMN refunds INTEGER NOT NULL DEFAULT 0 CHECK (refunds IN (0, 1));
