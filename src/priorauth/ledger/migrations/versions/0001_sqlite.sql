CREATE TABLE approval (
	tenant VARCHAR(64) NOT NULL,
	number VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	item INTEGER NOT NULL,
	decision INTEGER NOT NULL,
	product TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	valid_from DATE NOT NULL,
	valid_until DATE,
	terms TEXT NOT NULL,
	CONSTRAINT pk_approval PRIMARY KEY (tenant, number)
)
--;
CREATE INDEX ix_approval_tenant_case_no ON approval (tenant, case_no)
--;
CREATE INDEX ix_approval_tenant_valid_until ON approval (tenant, valid_until)
--;
CREATE TABLE approval_end (
	tenant VARCHAR(64) NOT NULL,
	approval VARCHAR(64) NOT NULL,
	ends DATE NOT NULL,
	at VARCHAR(27) NOT NULL,
	why VARCHAR(64) NOT NULL,
	decision_case VARCHAR(32),
	decision INTEGER,
	CONSTRAINT pk_approval_end PRIMARY KEY (tenant, approval),
	CONSTRAINT ck_approval_end_why CHECK (why IN ('used', 'asked', 'replaced', 'filed-in-error', 'adverse')),
	CONSTRAINT ck_approval_end_decided CHECK (why <> 'adverse' OR decision IS NOT NULL)
)
--;
CREATE TABLE ask (
	tenant VARCHAR(64) NOT NULL,
	client VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	operation VARCHAR(64) NOT NULL,
	version VARCHAR(64) NOT NULL,
	at VARCHAR(27) NOT NULL,
	case_no VARCHAR(32),
	status INTEGER NOT NULL,
	answer BLOB NOT NULL,
	CONSTRAINT pk_ask PRIMARY KEY (tenant, client, sha256)
)
--;
CREATE INDEX ix_ask_case ON ask (tenant, case_no, at)
--;
CREATE TABLE blob (
	tenant VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	size INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	CONSTRAINT pk_blob PRIMARY KEY (tenant, sha256)
)
--;
CREATE TABLE call (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	held_at VARCHAR(27) NOT NULL,
	person VARCHAR(64) NOT NULL,
	with_whom TEXT NOT NULL,
	said TEXT NOT NULL,
	CONSTRAINT pk_call PRIMARY KEY (tenant, case_no, number)
)
--;
CREATE TABLE cases (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	received DATE NOT NULL,
	kind VARCHAR(64) NOT NULL,
	base VARCHAR(32),
	state VARCHAR(64) NOT NULL,
	priority VARCHAR(64) NOT NULL,
	version INTEGER NOT NULL,
	payer TEXT,
	policy TEXT,
	line VARCHAR(64),
	plan_state VARCHAR(64),
	organisation VARCHAR(64),
	member TEXT NOT NULL,
	about TEXT NOT NULL,
	received_at VARCHAR(27) NOT NULL,
	due_at VARCHAR(27),
	due_rule VARCHAR(64),
	climbs_at VARCHAR(27),
	queue VARCHAR(64),
	owner VARCHAR(64),
	snoozed_until VARCHAR(27),
	waits_for TEXT,
	to_confirm INTEGER,
	runs INTEGER NOT NULL,
	events INTEGER NOT NULL,
	head VARCHAR(64) NOT NULL,
	closed_at VARCHAR(27),
	CONSTRAINT pk_cases PRIMARY KEY (tenant, case_no)
)
--;
CREATE INDEX ix_cases_base ON cases (tenant, base)
--;
CREATE INDEX ix_cases_climbs ON cases (tenant, climbs_at) WHERE closed_at IS NULL
--;
CREATE INDEX ix_cases_closed ON cases (tenant, closed_at) WHERE closed_at IS NOT NULL
--;
CREATE INDEX ix_cases_open ON cases (tenant, due_at, case_no, snoozed_until) WHERE closed_at IS NULL
--;
CREATE INDEX ix_cases_organisation ON cases (tenant, organisation, received_at, case_no)
--;
CREATE INDEX ix_cases_owner ON cases (tenant, owner, due_at, case_no, snoozed_until) WHERE closed_at IS NULL
--;
CREATE INDEX ix_cases_queue ON cases (tenant, queue, due_at, case_no, snoozed_until) WHERE closed_at IS NULL
--;
CREATE INDEX ix_cases_to_confirm ON cases (tenant, due_at, case_no, snoozed_until) WHERE closed_at IS NULL AND to_confirm > 0
--;
CREATE TABLE challenge (
	tenant VARCHAR(64) NOT NULL,
	challenge VARCHAR(64) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	person VARCHAR(64),
	data TEXT NOT NULL,
	made_at VARCHAR(27) NOT NULL,
	ends_at VARCHAR(27) NOT NULL,
	CONSTRAINT pk_challenge PRIMARY KEY (tenant, challenge)
)
--;
CREATE TABLE clock (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	rule VARCHAR(64) NOT NULL,
	status VARCHAR(64) NOT NULL,
	started_at VARCHAR(27),
	due_at VARCHAR(27),
	happened TEXT NOT NULL,
	missed_at VARCHAR(27),
	CONSTRAINT pk_clock PRIMARY KEY (tenant, case_no, rule)
)
--;
CREATE INDEX ix_clock_running ON clock (tenant, status, due_at)
--;
CREATE TABLE context (
	tenant VARCHAR(64) NOT NULL,
	context VARCHAR(64) NOT NULL,
	client VARCHAR(64) NOT NULL,
	version VARCHAR(64) NOT NULL,
	member TEXT NOT NULL,
	policy TEXT,
	product TEXT,
	data TEXT NOT NULL,
	bundle BLOB NOT NULL,
	made_at VARCHAR(27) NOT NULL,
	ends_at VARCHAR(27) NOT NULL,
	CONSTRAINT pk_context PRIMARY KEY (tenant, context)
)
--;
CREATE INDEX ix_context_ends ON context (tenant, ends_at)
--;
CREATE TABLE counter (
	tenant VARCHAR(64) NOT NULL,
	year INTEGER NOT NULL,
	next INTEGER NOT NULL,
	CONSTRAINT pk_counter PRIMARY KEY (tenant, year)
)
--;
CREATE TABLE decision (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	item INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	on_day DATE NOT NULL,
	kind VARCHAR(64) NOT NULL,
	run INTEGER NOT NULL,
	quantity INTEGER,
	signer VARCHAR(64),
	role VARCHAR(64),
	licence VARCHAR(64),
	why TEXT NOT NULL,
	CONSTRAINT pk_decision PRIMARY KEY (tenant, case_no, number),
	CONSTRAINT ck_decision_kind CHECK (kind IN ('approve-by-rule', 'approve', 'part', 'adverse', 'by-law', 'elsewhere', 'withdrawn', 'duplicate', 'not-ours', 'cancelled')),
	CONSTRAINT ck_decision_signed CHECK (kind IN ('approve-by-rule', 'elsewhere', 'withdrawn', 'cancelled') OR signer IS NOT NULL),
	CONSTRAINT ck_decision_clinician CHECK (kind NOT IN ('part', 'adverse') OR (licence IS NOT NULL AND role IN ('director', 'appeals')))
)
--;
CREATE INDEX ix_decision_day ON decision (tenant, on_day)
--;
CREATE TABLE event (
	tenant VARCHAR(64) NOT NULL,
	received DATE NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	what TEXT NOT NULL,
	person VARCHAR(64),
	role VARCHAR(64) NOT NULL,
	organisation VARCHAR(64),
	behalf VARCHAR(64),
	from_version INTEGER NOT NULL,
	to_version INTEGER NOT NULL,
	why TEXT,
	data TEXT NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_event PRIMARY KEY (tenant, case_no, number, received)
)
--;
CREATE INDEX ix_event_at ON event (tenant, at, case_no, number)
--;
CREATE INDEX ix_event_counted ON event (tenant, case_no, what) WHERE what IN ('asked', 'extended')
--;
CREATE TABLE feedback (
	tenant VARCHAR(64) NOT NULL,
	feedback VARCHAR(64) NOT NULL,
	client VARCHAR(64) NOT NULL,
	version VARCHAR(64) NOT NULL,
	service VARCHAR(64) NOT NULL,
	at VARCHAR(27) NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_feedback PRIMARY KEY (tenant, feedback)
)
--;
CREATE TABLE filed_in_error (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	document INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	person VARCHAR(64) NOT NULL,
	why TEXT NOT NULL,
	CONSTRAINT pk_filed_in_error PRIMARY KEY (tenant, case_no, document)
)
--;
CREATE TABLE form_error (
	tenant VARCHAR(64) NOT NULL,
	error VARCHAR(64) NOT NULL,
	client VARCHAR(64) NOT NULL,
	version VARCHAR(64) NOT NULL,
	questionnaire TEXT NOT NULL,
	at VARCHAR(27) NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_form_error PRIMARY KEY (tenant, error)
)
--;
CREATE TABLE hook_call (
	tenant VARCHAR(64) NOT NULL,
	call VARCHAR(64) NOT NULL,
	client VARCHAR(64) NOT NULL,
	version VARCHAR(64) NOT NULL,
	hook VARCHAR(64) NOT NULL,
	at VARCHAR(27) NOT NULL,
	status INTEGER NOT NULL,
	request BLOB NOT NULL,
	answer BLOB NOT NULL,
	receipts TEXT NOT NULL,
	microseconds BIGINT NOT NULL,
	CONSTRAINT pk_hook_call PRIMARY KEY (tenant, call)
)
--;
CREATE INDEX ix_hook_call_at ON hook_call (tenant, at)
--;
CREATE TABLE idempotency (
	tenant VARCHAR(64) NOT NULL,
	"key" VARCHAR(200) NOT NULL,
	act TEXT NOT NULL,
	asked VARCHAR(64) NOT NULL,
	at VARCHAR(27) NOT NULL,
	answer TEXT NOT NULL,
	CONSTRAINT pk_idempotency PRIMARY KEY (tenant, "key")
)
--;
CREATE TABLE item (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	item INTEGER NOT NULL,
	product TEXT,
	quantity INTEGER,
	status VARCHAR(64) NOT NULL,
	outcome VARCHAR(64),
	pathway TEXT,
	about TEXT NOT NULL,
	CONSTRAINT pk_item PRIMARY KEY (tenant, case_no, item)
)
--;
CREATE TABLE mailing (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	notice INTEGER NOT NULL,
	number INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	channel TEXT NOT NULL,
	handed_at VARCHAR(27) NOT NULL,
	proof TEXT,
	person VARCHAR(64),
	CONSTRAINT pk_mailing PRIMARY KEY (tenant, case_no, notice, number)
)
--;
CREATE TABLE may_sign (
	tenant VARCHAR(64) NOT NULL,
	line VARCHAR(64) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	state VARCHAR(64) NOT NULL,
	CONSTRAINT pk_may_sign PRIMARY KEY (tenant, line, kind, state)
)
--;
CREATE TABLE notice (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	kind VARCHAR(64) NOT NULL,
	at VARCHAR(27) NOT NULL,
	made_by VARCHAR(64),
	decision INTEGER,
	run INTEGER NOT NULL,
	replaces INTEGER,
	template TEXT NOT NULL,
	html VARCHAR(64) NOT NULL,
	pdf VARCHAR(64),
	facts BLOB NOT NULL,
	"to" TEXT NOT NULL,
	CONSTRAINT pk_notice PRIMARY KEY (tenant, case_no, number)
)
--;
CREATE TABLE notice_state (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	notice INTEGER NOT NULL,
	status VARCHAR(64) NOT NULL,
	sent_at VARCHAR(27),
	CONSTRAINT pk_notice_state PRIMARY KEY (tenant, case_no, notice)
)
--;
CREATE INDEX ix_notice_state ON notice_state (tenant, status)
--;
CREATE TABLE notification (
	tenant VARCHAR(64) NOT NULL,
	subscription VARCHAR(64) NOT NULL,
	event INTEGER NOT NULL,
	message BIGINT NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	at VARCHAR(27) NOT NULL,
	result VARCHAR(64) NOT NULL,
	CONSTRAINT pk_notification PRIMARY KEY (tenant, subscription, event)
)
--;
CREATE INDEX ix_notification_case ON notification (tenant, subscription, case_no)
--;
CREATE INDEX ix_notification_message ON notification (tenant, subscription, message)
--;
CREATE TABLE organisation (
	tenant VARCHAR(64) NOT NULL,
	organisation VARCHAR(64) NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	npi TEXT,
	CONSTRAINT pk_organisation PRIMARY KEY (tenant, organisation)
)
--;
CREATE TABLE outbox (
	tenant VARCHAR(64) NOT NULL,
	number INTEGER NOT NULL,
	receiver TEXT NOT NULL,
	kind TEXT NOT NULL,
	case_no VARCHAR(32),
	at VARCHAR(27) NOT NULL,
	payload TEXT NOT NULL,
	attempts INTEGER DEFAULT '0' NOT NULL,
	next_at VARCHAR(27) NOT NULL,
	delivered_at VARCHAR(27),
	dead_at VARCHAR(27),
	dropped_at VARCHAR(27),
	last_fault TEXT,
	CONSTRAINT pk_outbox PRIMARY KEY (number)
)
--;
CREATE INDEX ix_outbox_dead ON outbox (tenant, number) WHERE dead_at IS NOT NULL
--;
CREATE INDEX ix_outbox_waiting ON outbox (tenant, receiver, number) WHERE delivered_at IS NULL AND dead_at IS NULL AND dropped_at IS NULL
--;
CREATE TABLE person (
	tenant VARCHAR(64) NOT NULL,
	person VARCHAR(64) NOT NULL,
	name TEXT NOT NULL,
	organisation VARCHAR(64),
	supervisor VARCHAR(64),
	active BOOLEAN NOT NULL,
	details TEXT NOT NULL,
	CONSTRAINT pk_person PRIMARY KEY (tenant, person)
)
--;
CREATE TABLE proposal (
	tenant VARCHAR(64) NOT NULL,
	proposal VARCHAR(64) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	subject TEXT NOT NULL,
	data TEXT NOT NULL,
	why TEXT NOT NULL,
	proposed_by VARCHAR(64) NOT NULL,
	proposed_at VARCHAR(27) NOT NULL,
	decided_by VARCHAR(64),
	decided_at VARCHAR(27),
	outcome VARCHAR(64),
	CONSTRAINT pk_proposal PRIMARY KEY (tenant, proposal),
	CONSTRAINT ck_proposal_outcome CHECK (outcome IN ('accepted', 'refused', 'withdrawn')),
	CONSTRAINT ck_proposal_decided CHECK ((outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)),
	CONSTRAINT ck_proposal_two CHECK (outcome = 'withdrawn' OR decided_by <> proposed_by)
)
--;
CREATE INDEX ix_proposal_open ON proposal (tenant, kind, proposed_at) WHERE outcome IS NULL
--;
CREATE TABLE run (
	tenant VARCHAR(64) NOT NULL,
	received DATE NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	cause TEXT NOT NULL,
	engine TEXT NOT NULL,
	pins TEXT NOT NULL,
	inputs TEXT NOT NULL,
	rows BLOB NOT NULL,
	determinations BLOB NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	outcomes TEXT NOT NULL,
	microseconds BIGINT NOT NULL,
	CONSTRAINT pk_run PRIMARY KEY (tenant, case_no, number, received)
)
--;
CREATE TABLE sign_in_try (
	tenant VARCHAR(64) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	whose VARCHAR(64) NOT NULL,
	count INTEGER NOT NULL,
	since VARCHAR(27) NOT NULL,
	CONSTRAINT pk_sign_in_try PRIMARY KEY (tenant, kind, whose)
)
--;
CREATE TABLE signing_key (
	tenant VARCHAR(64) NOT NULL,
	number INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	made_at VARCHAR(27) NOT NULL,
	CONSTRAINT pk_signing_key PRIMARY KEY (tenant, number)
)
--;
CREATE TABLE subscription (
	tenant VARCHAR(64) NOT NULL,
	subscription VARCHAR(64) NOT NULL,
	client VARCHAR(64) NOT NULL,
	organisation VARCHAR(64) NOT NULL,
	version VARCHAR(64) NOT NULL,
	status VARCHAR(64) NOT NULL,
	endpoint TEXT NOT NULL,
	base TEXT NOT NULL,
	resource TEXT NOT NULL,
	edition INTEGER NOT NULL,
	events INTEGER NOT NULL,
	made_at VARCHAR(27) NOT NULL,
	changed_at VARCHAR(27) NOT NULL,
	ends_at VARCHAR(27),
	error TEXT,
	CONSTRAINT pk_subscription PRIMARY KEY (tenant, subscription)
)
--;
CREATE INDEX ix_subscription_organisation ON subscription (tenant, organisation, status)
--;
CREATE TABLE tenant (
	tenant VARCHAR(64) NOT NULL,
	name TEXT NOT NULL,
	zone TEXT NOT NULL,
	settings TEXT NOT NULL,
	CONSTRAINT pk_tenant PRIMARY KEY (tenant)
)
--;
CREATE TABLE token (
	tenant VARCHAR(64) NOT NULL,
	token VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	title TEXT NOT NULL,
	person VARCHAR(64),
	role VARCHAR(64) NOT NULL,
	organisation VARCHAR(64),
	made_at VARCHAR(27) NOT NULL,
	valid_until VARCHAR(27) NOT NULL,
	revoked_at VARCHAR(27),
	CONSTRAINT pk_token PRIMARY KEY (tenant, token)
)
--;
CREATE TABLE traced (
	tenant VARCHAR(64) NOT NULL,
	value VARCHAR(300) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	item INTEGER NOT NULL,
	CONSTRAINT pk_traced PRIMARY KEY (tenant, value, kind, case_no, item)
)
--;
CREATE INDEX ix_traced_case ON traced (tenant, case_no)
--;
CREATE TABLE used_token (
	tenant VARCHAR(64) NOT NULL,
	used VARCHAR(64) NOT NULL,
	ends_at VARCHAR(27) NOT NULL,
	CONSTRAINT pk_used_token PRIMARY KEY (tenant, used)
)
--;
CREATE INDEX ix_used_token_ends ON used_token (tenant, ends_at)
--;
CREATE TABLE word (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	subject TEXT NOT NULL,
	value BOOLEAN,
	why TEXT NOT NULL,
	person VARCHAR(64) NOT NULL,
	role VARCHAR(64) NOT NULL,
	run INTEGER NOT NULL,
	CONSTRAINT pk_word PRIMARY KEY (tenant, case_no, number),
	CONSTRAINT ck_word_kind CHECK (kind IN ('judgment', 'settlement', 'proposal', 'withdrawal')),
	CONSTRAINT ck_word_value CHECK ((value IS NULL) = (kind = 'withdrawal')),
	CONSTRAINT ck_word_judge CHECK (kind <> 'judgment' OR role IN ('director', 'appeals')),
	CONSTRAINT ck_word_settler CHECK (kind <> 'settlement' OR role IN ('nurse', 'director', 'appeals'))
)
--;
CREATE TABLE above (
	tenant VARCHAR(64) NOT NULL,
	person VARCHAR(64) NOT NULL,
	above VARCHAR(64) NOT NULL,
	CONSTRAINT pk_above PRIMARY KEY (tenant, person, above),
	CONSTRAINT fk_above_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE TABLE account (
	tenant VARCHAR(64) NOT NULL,
	person VARCHAR(64) NOT NULL,
	password TEXT,
	changed_at VARCHAR(27),
	failed INTEGER DEFAULT '0' NOT NULL,
	locked_until VARCHAR(27),
	CONSTRAINT pk_account PRIMARY KEY (tenant, person),
	CONSTRAINT fk_account_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE TABLE document (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	kind VARCHAR(64) NOT NULL,
	name TEXT NOT NULL,
	media TEXT NOT NULL,
	dated DATE,
	filed_at VARCHAR(27) NOT NULL,
	filed_by VARCHAR(64),
	sha256 VARCHAR(64) NOT NULL,
	size INTEGER NOT NULL,
	CONSTRAINT pk_document PRIMARY KEY (tenant, case_no, number),
	CONSTRAINT fk_document_tenant_sha256 FOREIGN KEY(tenant, sha256) REFERENCES blob (tenant, sha256)
)
--;
CREATE INDEX ix_document_filed ON document (tenant, filed_at)
--;
CREATE TABLE draft (
	tenant VARCHAR(64) NOT NULL,
	draft VARCHAR(64) NOT NULL,
	organisation VARCHAR(64) NOT NULL,
	title TEXT NOT NULL,
	data TEXT NOT NULL,
	version INTEGER NOT NULL,
	begun_at VARCHAR(27) NOT NULL,
	begun_by VARCHAR(64) NOT NULL,
	changed_at VARCHAR(27) NOT NULL,
	changed_by VARCHAR(64) NOT NULL,
	sent_case VARCHAR(32),
	CONSTRAINT pk_draft PRIMARY KEY (tenant, draft),
	CONSTRAINT fk_draft_tenant_organisation FOREIGN KEY(tenant, organisation) REFERENCES organisation (tenant, organisation)
)
--;
CREATE INDEX ix_draft_organisation ON draft (tenant, organisation, changed_at)
--;
CREATE TABLE identity (
	tenant VARCHAR(64) NOT NULL,
	identity VARCHAR(64) NOT NULL,
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	person VARCHAR(64) NOT NULL,
	made_at VARCHAR(27) NOT NULL,
	CONSTRAINT pk_identity PRIMARY KEY (tenant, identity),
	CONSTRAINT fk_identity_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE TABLE licence (
	tenant VARCHAR(64) NOT NULL,
	person VARCHAR(64) NOT NULL,
	licence VARCHAR(64) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	state VARCHAR(64) NOT NULL,
	specialty TEXT NOT NULL,
	npi TEXT,
	valid_from DATE NOT NULL,
	valid_until DATE NOT NULL,
	CONSTRAINT pk_licence PRIMARY KEY (tenant, person, licence),
	CONSTRAINT fk_licence_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE TABLE link (
	tenant VARCHAR(64) NOT NULL,
	link VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	person VARCHAR(64) NOT NULL,
	made_at VARCHAR(27) NOT NULL,
	ends_at VARCHAR(27) NOT NULL,
	used_at VARCHAR(27),
	CONSTRAINT pk_link PRIMARY KEY (tenant, link),
	CONSTRAINT fk_link_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE TABLE pages (
	tenant VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	reader VARCHAR(200) NOT NULL,
	at VARCHAR(27) NOT NULL,
	pages BLOB NOT NULL,
	CONSTRAINT pk_pages PRIMARY KEY (tenant, sha256, reader),
	CONSTRAINT fk_pages_tenant_sha256 FOREIGN KEY(tenant, sha256) REFERENCES blob (tenant, sha256)
)
--;
CREATE TABLE passkey (
	tenant VARCHAR(64) NOT NULL,
	passkey VARCHAR(64) NOT NULL,
	credential TEXT NOT NULL,
	person VARCHAR(64) NOT NULL,
	title TEXT NOT NULL,
	public_key TEXT NOT NULL,
	counter BIGINT NOT NULL,
	transports TEXT NOT NULL,
	synced BOOLEAN NOT NULL,
	made_at VARCHAR(27) NOT NULL,
	used_at VARCHAR(27),
	CONSTRAINT pk_passkey PRIMARY KEY (tenant, passkey),
	CONSTRAINT fk_passkey_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE INDEX ix_passkey_person ON passkey (tenant, person)
--;
CREATE TABLE preference (
	tenant VARCHAR(64) NOT NULL,
	person VARCHAR(64) NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_preference PRIMARY KEY (tenant, person),
	CONSTRAINT fk_preference_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE TABLE reason (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	decision INTEGER NOT NULL,
	criterion TEXT NOT NULL,
	asks TEXT NOT NULL,
	found TEXT NOT NULL,
	why_not TEXT NOT NULL,
	would_show TEXT NOT NULL,
	CONSTRAINT pk_reason PRIMARY KEY (tenant, case_no, decision, criterion),
	CONSTRAINT fk_reason_tenant_case_no_decision FOREIGN KEY(tenant, case_no, decision) REFERENCES decision (tenant, case_no, number) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_reason_asks CHECK (length(trim(asks)) > 0),
	CONSTRAINT ck_reason_found CHECK (length(trim(found)) > 0),
	CONSTRAINT ck_reason_why_not CHECK (length(trim(why_not)) > 0),
	CONSTRAINT ck_reason_would_show CHECK (length(trim(would_show)) > 0)
)
--;
CREATE TABLE role (
	tenant VARCHAR(64) NOT NULL,
	person VARCHAR(64) NOT NULL,
	role VARCHAR(64) NOT NULL,
	valid_from DATE NOT NULL,
	valid_until DATE,
	granted_by TEXT NOT NULL,
	CONSTRAINT pk_role PRIMARY KEY (tenant, person, role, valid_from),
	CONSTRAINT fk_role_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE TABLE session (
	tenant VARCHAR(64) NOT NULL,
	session VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	person VARCHAR(64) NOT NULL,
	role VARCHAR(64) NOT NULL,
	how VARCHAR(64) NOT NULL,
	device TEXT NOT NULL,
	begun_at VARCHAR(27) NOT NULL,
	seen_at VARCHAR(27) NOT NULL,
	ends_at VARCHAR(27) NOT NULL,
	strong_at VARCHAR(27),
	CONSTRAINT pk_session PRIMARY KEY (tenant, session),
	CONSTRAINT fk_session_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE INDEX ix_session_person ON session (tenant, person)
--;
CREATE TABLE submission (
	tenant VARCHAR(64) NOT NULL,
	received DATE NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	received_at VARCHAR(27) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	channel TEXT NOT NULL,
	sender VARCHAR(64),
	sha256 VARCHAR(64) NOT NULL,
	CONSTRAINT pk_submission PRIMARY KEY (tenant, case_no, number, received),
	CONSTRAINT fk_submission_tenant_sha256 FOREIGN KEY(tenant, sha256) REFERENCES blob (tenant, sha256)
)
--;
CREATE TABLE draft_blob (
	tenant VARCHAR(64) NOT NULL,
	draft VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	bytes BLOB NOT NULL,
	CONSTRAINT pk_draft_blob PRIMARY KEY (tenant, draft, sha256),
	CONSTRAINT fk_draft_blob_tenant_draft FOREIGN KEY(tenant, draft) REFERENCES draft (tenant, draft)
)
--;
CREATE TABLE proposal_word (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	document INTEGER NOT NULL,
	reading INTEGER,
	proposal INTEGER,
	word VARCHAR(64) NOT NULL,
	tied TEXT,
	why TEXT,
	person VARCHAR(64) NOT NULL,
	role VARCHAR(64) NOT NULL,
	run INTEGER NOT NULL,
	CONSTRAINT pk_proposal_word PRIMARY KEY (tenant, case_no, number),
	CONSTRAINT fk_proposal_word_tenant_case_no_document FOREIGN KEY(tenant, case_no, document) REFERENCES document (tenant, case_no, number),
	CONSTRAINT ck_proposal_word_word CHECK (word IN ('confirmed', 'rejected', 'tied', 'seen')),
	CONSTRAINT ck_proposal_word_tied CHECK ((tied IS NULL) = (word IN ('confirmed', 'rejected'))),
	CONSTRAINT ck_proposal_word_of CHECK ((reading IS NULL) = (tied IS NOT NULL) AND (proposal IS NULL) = (tied IS NOT NULL)),
	CONSTRAINT ck_proposal_word_speaker CHECK (role IN ('coordinator', 'prescriber', 'supplier', 'nurse', 'director', 'appeals'))
)
--;
CREATE TABLE reading (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	document INTEGER NOT NULL,
	number INTEGER NOT NULL,
	at VARCHAR(27) NOT NULL,
	"by" VARCHAR(64) NOT NULL,
	reader TEXT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	pages TEXT,
	findings TEXT,
	facts INTEGER NOT NULL,
	refused TEXT,
	CONSTRAINT pk_reading PRIMARY KEY (tenant, case_no, document, number),
	CONSTRAINT fk_reading_tenant_case_no_document FOREIGN KEY(tenant, case_no, document) REFERENCES document (tenant, case_no, number),
	CONSTRAINT ck_reading_read CHECK ((findings IS NULL) = (refused IS NOT NULL))
)
--;
CREATE TABLE draft_file (
	tenant VARCHAR(64) NOT NULL,
	draft VARCHAR(64) NOT NULL,
	number INTEGER NOT NULL,
	name TEXT NOT NULL,
	media TEXT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	size INTEGER NOT NULL,
	added_at VARCHAR(27) NOT NULL,
	added_by VARCHAR(64) NOT NULL,
	CONSTRAINT pk_draft_file PRIMARY KEY (tenant, draft, number),
	CONSTRAINT fk_draft_file_tenant_draft_sha256 FOREIGN KEY(tenant, draft, sha256) REFERENCES draft_blob (tenant, draft, sha256)
)
--;
CREATE TRIGGER blob_not_replaced BEFORE INSERT ON "blob" WHEN EXISTS (SELECT 1 FROM "blob" WHERE (tenant = NEW.tenant AND sha256 = NEW.sha256) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: blob: what happened is not changed'); END
--;
CREATE TRIGGER blob_no_update BEFORE UPDATE ON "blob" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: blob: what happened is not changed'); END
--;
CREATE TRIGGER blob_no_delete BEFORE DELETE ON "blob" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: blob: what happened is not changed'); END
--;
CREATE TRIGGER submission_not_replaced BEFORE INSERT ON "submission" WHEN EXISTS (SELECT 1 FROM "submission" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number AND received = NEW.received) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: submission: what happened is not changed'); END
--;
CREATE TRIGGER submission_no_update BEFORE UPDATE ON "submission" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: submission: what happened is not changed'); END
--;
CREATE TRIGGER submission_no_delete BEFORE DELETE ON "submission" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: submission: what happened is not changed'); END
--;
CREATE TRIGGER document_not_replaced BEFORE INSERT ON "document" WHEN EXISTS (SELECT 1 FROM "document" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: document: what happened is not changed'); END
--;
CREATE TRIGGER document_no_update BEFORE UPDATE ON "document" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: document: what happened is not changed'); END
--;
CREATE TRIGGER document_no_delete BEFORE DELETE ON "document" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: document: what happened is not changed'); END
--;
CREATE TRIGGER filed_in_error_not_replaced BEFORE INSERT ON "filed_in_error" WHEN EXISTS (SELECT 1 FROM "filed_in_error" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND document = NEW.document) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: filed_in_error: what happened is not changed'); END
--;
CREATE TRIGGER filed_in_error_no_update BEFORE UPDATE ON "filed_in_error" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: filed_in_error: what happened is not changed'); END
--;
CREATE TRIGGER filed_in_error_no_delete BEFORE DELETE ON "filed_in_error" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: filed_in_error: what happened is not changed'); END
--;
CREATE TRIGGER pages_not_replaced BEFORE INSERT ON "pages" WHEN EXISTS (SELECT 1 FROM "pages" WHERE (tenant = NEW.tenant AND sha256 = NEW.sha256 AND reader = NEW.reader) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: pages: what happened is not changed'); END
--;
CREATE TRIGGER pages_no_update BEFORE UPDATE ON "pages" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: pages: what happened is not changed'); END
--;
CREATE TRIGGER pages_no_delete BEFORE DELETE ON "pages" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: pages: what happened is not changed'); END
--;
CREATE TRIGGER reading_not_replaced BEFORE INSERT ON "reading" WHEN EXISTS (SELECT 1 FROM "reading" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND document = NEW.document AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: reading: what happened is not changed'); END
--;
CREATE TRIGGER reading_no_update BEFORE UPDATE ON "reading" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: reading: what happened is not changed'); END
--;
CREATE TRIGGER reading_no_delete BEFORE DELETE ON "reading" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: reading: what happened is not changed'); END
--;
CREATE TRIGGER proposal_word_not_replaced BEFORE INSERT ON "proposal_word" WHEN EXISTS (SELECT 1 FROM "proposal_word" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: proposal_word: what happened is not changed'); END
--;
CREATE TRIGGER proposal_word_no_update BEFORE UPDATE ON "proposal_word" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: proposal_word: what happened is not changed'); END
--;
CREATE TRIGGER proposal_word_no_delete BEFORE DELETE ON "proposal_word" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: proposal_word: what happened is not changed'); END
--;
CREATE TRIGGER run_not_replaced BEFORE INSERT ON "run" WHEN EXISTS (SELECT 1 FROM "run" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number AND received = NEW.received) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: run: what happened is not changed'); END
--;
CREATE TRIGGER run_no_update BEFORE UPDATE ON "run" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: run: what happened is not changed'); END
--;
CREATE TRIGGER run_no_delete BEFORE DELETE ON "run" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: run: what happened is not changed'); END
--;
CREATE TRIGGER word_not_replaced BEFORE INSERT ON "word" WHEN EXISTS (SELECT 1 FROM "word" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: word: what happened is not changed'); END
--;
CREATE TRIGGER word_no_update BEFORE UPDATE ON "word" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: word: what happened is not changed'); END
--;
CREATE TRIGGER word_no_delete BEFORE DELETE ON "word" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: word: what happened is not changed'); END
--;
CREATE TRIGGER decision_not_replaced BEFORE INSERT ON "decision" WHEN EXISTS (SELECT 1 FROM "decision" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: decision: what happened is not changed'); END
--;
CREATE TRIGGER decision_no_update BEFORE UPDATE ON "decision" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: decision: what happened is not changed'); END
--;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON "decision" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: decision: what happened is not changed'); END
--;
CREATE TRIGGER reason_not_replaced BEFORE INSERT ON "reason" WHEN EXISTS (SELECT 1 FROM "reason" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND decision = NEW.decision AND criterion = NEW.criterion) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: reason: what happened is not changed'); END
--;
CREATE TRIGGER reason_no_update BEFORE UPDATE ON "reason" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: reason: what happened is not changed'); END
--;
CREATE TRIGGER reason_no_delete BEFORE DELETE ON "reason" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: reason: what happened is not changed'); END
--;
CREATE TRIGGER approval_not_replaced BEFORE INSERT ON "approval" WHEN EXISTS (SELECT 1 FROM "approval" WHERE (tenant = NEW.tenant AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: approval: what happened is not changed'); END
--;
CREATE TRIGGER approval_no_update BEFORE UPDATE ON "approval" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: approval: what happened is not changed'); END
--;
CREATE TRIGGER approval_no_delete BEFORE DELETE ON "approval" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: approval: what happened is not changed'); END
--;
CREATE TRIGGER approval_end_not_replaced BEFORE INSERT ON "approval_end" WHEN EXISTS (SELECT 1 FROM "approval_end" WHERE (tenant = NEW.tenant AND approval = NEW.approval) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: approval_end: what happened is not changed'); END
--;
CREATE TRIGGER approval_end_no_update BEFORE UPDATE ON "approval_end" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: approval_end: what happened is not changed'); END
--;
CREATE TRIGGER approval_end_no_delete BEFORE DELETE ON "approval_end" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: approval_end: what happened is not changed'); END
--;
CREATE TRIGGER notice_not_replaced BEFORE INSERT ON "notice" WHEN EXISTS (SELECT 1 FROM "notice" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: notice: what happened is not changed'); END
--;
CREATE TRIGGER notice_no_update BEFORE UPDATE ON "notice" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: notice: what happened is not changed'); END
--;
CREATE TRIGGER notice_no_delete BEFORE DELETE ON "notice" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: notice: what happened is not changed'); END
--;
CREATE TRIGGER mailing_not_replaced BEFORE INSERT ON "mailing" WHEN EXISTS (SELECT 1 FROM "mailing" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND notice = NEW.notice AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: mailing: what happened is not changed'); END
--;
CREATE TRIGGER mailing_no_update BEFORE UPDATE ON "mailing" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: mailing: what happened is not changed'); END
--;
CREATE TRIGGER mailing_no_delete BEFORE DELETE ON "mailing" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: mailing: what happened is not changed'); END
--;
CREATE TRIGGER call_not_replaced BEFORE INSERT ON "call" WHEN EXISTS (SELECT 1 FROM "call" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: call: what happened is not changed'); END
--;
CREATE TRIGGER call_no_update BEFORE UPDATE ON "call" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: call: what happened is not changed'); END
--;
CREATE TRIGGER call_no_delete BEFORE DELETE ON "call" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: call: what happened is not changed'); END
--;
CREATE TRIGGER event_not_replaced BEFORE INSERT ON "event" WHEN EXISTS (SELECT 1 FROM "event" WHERE (tenant = NEW.tenant AND case_no = NEW.case_no AND number = NEW.number AND received = NEW.received) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: event: what happened is not changed'); END
--;
CREATE TRIGGER event_no_update BEFORE UPDATE ON "event" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: event: what happened is not changed'); END
--;
CREATE TRIGGER event_no_delete BEFORE DELETE ON "event" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: event: what happened is not changed'); END
--;
CREATE TRIGGER idempotency_not_replaced BEFORE INSERT ON "idempotency" WHEN EXISTS (SELECT 1 FROM "idempotency" WHERE (tenant = NEW.tenant AND key = NEW.key) OR rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'refused by the ledger: idempotency: what happened is not changed'); END
--;
CREATE TRIGGER idempotency_no_update BEFORE UPDATE ON "idempotency" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: idempotency: what happened is not changed'); END
--;
CREATE TRIGGER idempotency_no_delete BEFORE DELETE ON "idempotency" BEGIN SELECT RAISE(ABORT, 'refused by the ledger: idempotency: what happened is not changed'); END
--;
CREATE TRIGGER decision_role BEFORE INSERT ON "decision" WHEN NEW.kind IN ('part', 'adverse') BEGIN SELECT RAISE(ABORT, 'refused by the ledger: the signer does not hold that role on that day') WHERE NOT (EXISTS (SELECT 1 FROM role AS one, person AS she WHERE one.tenant = NEW.tenant AND one.person = NEW.signer AND one.role = NEW.role
            AND one.valid_from <= NEW.on_day AND (one.valid_until IS NULL OR NEW.on_day <= one.valid_until)
            AND she.tenant = NEW.tenant AND she.person = NEW.signer AND she.active)); END
--;
CREATE TRIGGER decision_licence BEFORE INSERT ON "decision" WHEN NEW.kind IN ('part', 'adverse') BEGIN SELECT RAISE(ABORT, 'refused by the ledger: the signer has no licence that fits this plan and is valid on that day') WHERE NOT (EXISTS (SELECT 1 FROM licence AS one, cases AS at, may_sign AS may WHERE one.tenant = NEW.tenant AND one.person = NEW.signer
            AND one.licence = NEW.licence AND one.valid_from <= NEW.on_day AND NEW.on_day <= one.valid_until
            AND at.tenant = NEW.tenant AND at.case_no = NEW.case_no AND may.tenant = NEW.tenant
            AND may.kind = one.kind AND (may.line = '*' OR may.line = at.line)
            AND (may.state = '*' OR (may.state = 'plan' AND one.state = at.plan_state) OR may.state = one.state))); END
--;
CREATE TRIGGER decision_not_her_case BEFORE INSERT ON "decision" WHEN NEW.kind IN ('part', 'adverse') BEGIN SELECT RAISE(ABORT, 'refused by the ledger: the signer prepared this case as its nurse') WHERE NOT (NOT EXISTS (SELECT 1 FROM event AS one WHERE one.tenant = NEW.tenant
            AND one.case_no IN (NEW.case_no, (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no), (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no)), (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no)))) AND one.person = NEW.signer
            AND one.role = 'nurse' AND one.what <> 'read')); END
--;
CREATE TRIGGER decision_reasons BEFORE INSERT ON "decision" WHEN NEW.kind IN ('part', 'adverse') BEGIN SELECT RAISE(ABORT, 'refused by the ledger: expected a reason in four parts for each criterion') WHERE NOT (EXISTS (SELECT 1 FROM reason AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.case_no
            AND one.decision = NEW.number)); END
--;
CREATE TRIGGER decision_first_reviewer BEFORE INSERT ON "decision" WHEN NEW.kind IN ('part', 'adverse', 'approve') BEGIN SELECT RAISE(ABORT, 'refused by the ledger: an appeal is decided neither by the first reviewer nor by somebody below her') WHERE NOT (NOT EXISTS (SELECT 1 FROM decision AS first WHERE first.tenant = NEW.tenant
            AND first.case_no IN ((SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no), (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no)), (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no)))) AND first.signer IS NOT NULL
            AND (first.signer = NEW.signer OR EXISTS (SELECT 1 FROM above AS one
                WHERE one.tenant = NEW.tenant AND one.person = NEW.signer AND one.above = first.signer)))); END
--;
CREATE TRIGGER approval_end_decided BEFORE INSERT ON "approval_end" WHEN NEW.why = 'adverse' BEGIN SELECT RAISE(ABORT, 'refused by the ledger: an approval is cut short only by a signed decision') WHERE NOT (EXISTS (SELECT 1 FROM decision AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.decision_case
            AND one.number = NEW.decision AND one.kind IN ('part', 'adverse'))); END
--;
CREATE TRIGGER approval_decided BEFORE INSERT ON "approval" WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'refused by the ledger: an approval rests on a decision') WHERE NOT (EXISTS (SELECT 1 FROM decision AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.case_no
            AND one.number = NEW.decision AND one.kind IN ('approve', 'approve-by-rule', 'part', 'by-law'))); END
--;
CREATE TRIGGER tenant_alone BEFORE INSERT ON tenant BEGIN SELECT RAISE(ABORT, 'refused by the ledger: one file holds one tenant') WHERE EXISTS (SELECT 1 FROM tenant WHERE tenant <> NEW.tenant); END
