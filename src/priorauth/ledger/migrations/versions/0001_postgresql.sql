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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	case_no VARCHAR(32),
	status INTEGER NOT NULL,
	answer BYTEA NOT NULL,
	CONSTRAINT pk_ask PRIMARY KEY (tenant, client, sha256)
)
--;
CREATE INDEX ix_ask_case ON ask (tenant, case_no, at)
--;
CREATE TABLE blob (
	tenant VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	size INTEGER NOT NULL,
	bytes BYTEA NOT NULL,
	CONSTRAINT pk_blob PRIMARY KEY (tenant, sha256)
)
--;
CREATE TABLE call (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	held_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	due_rule VARCHAR(64),
	climbs_at TIMESTAMP WITH TIME ZONE,
	queue VARCHAR(64),
	owner VARCHAR(64),
	snoozed_until TIMESTAMP WITH TIME ZONE,
	waits_for TEXT,
	to_confirm INTEGER,
	runs INTEGER NOT NULL,
	events INTEGER NOT NULL,
	head VARCHAR(64) NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
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
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_challenge PRIMARY KEY (tenant, challenge)
)
--;
CREATE TABLE clock (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	rule VARCHAR(64) NOT NULL,
	status VARCHAR(64) NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE,
	due_at TIMESTAMP WITH TIME ZONE,
	happened TEXT NOT NULL,
	missed_at TIMESTAMP WITH TIME ZONE,
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
	bundle BYTEA NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
 PARTITION BY RANGE (received)
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	data TEXT NOT NULL,
	CONSTRAINT pk_feedback PRIMARY KEY (tenant, feedback)
)
--;
CREATE TABLE filed_in_error (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	document INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	status INTEGER NOT NULL,
	request BYTEA NOT NULL,
	answer BYTEA NOT NULL,
	receipts TEXT NOT NULL,
	microseconds BIGINT NOT NULL,
	CONSTRAINT pk_hook_call PRIMARY KEY (tenant, call)
)
--;
CREATE INDEX ix_hook_call_at ON hook_call (tenant, at)
--;
CREATE TABLE idempotency (
	tenant VARCHAR(64) NOT NULL,
	key VARCHAR(200) NOT NULL,
	act TEXT NOT NULL,
	asked VARCHAR(64) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	answer TEXT NOT NULL,
	CONSTRAINT pk_idempotency PRIMARY KEY (tenant, key)
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	channel TEXT NOT NULL,
	handed_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	made_by VARCHAR(64),
	decision INTEGER,
	run INTEGER NOT NULL,
	replaces INTEGER,
	template TEXT NOT NULL,
	html VARCHAR(64) NOT NULL,
	pdf VARCHAR(64),
	facts BYTEA NOT NULL,
	"to" TEXT NOT NULL,
	CONSTRAINT pk_notice PRIMARY KEY (tenant, case_no, number)
)
--;
CREATE TABLE notice_state (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	notice INTEGER NOT NULL,
	status VARCHAR(64) NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	number BIGSERIAL NOT NULL,
	receiver TEXT NOT NULL,
	kind TEXT NOT NULL,
	case_no VARCHAR(32),
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	payload TEXT NOT NULL,
	attempts INTEGER DEFAULT '0' NOT NULL,
	next_at TIMESTAMP WITH TIME ZONE NOT NULL,
	delivered_at TIMESTAMP WITH TIME ZONE,
	dead_at TIMESTAMP WITH TIME ZONE,
	dropped_at TIMESTAMP WITH TIME ZONE,
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
	proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	decided_by VARCHAR(64),
	decided_at TIMESTAMP WITH TIME ZONE,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	cause TEXT NOT NULL,
	engine TEXT NOT NULL,
	pins TEXT NOT NULL,
	inputs TEXT NOT NULL,
	rows BYTEA NOT NULL,
	determinations BYTEA NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	outcomes TEXT NOT NULL,
	microseconds BIGINT NOT NULL,
	CONSTRAINT pk_run PRIMARY KEY (tenant, case_no, number, received)
)
 PARTITION BY RANGE (received)
--;
CREATE TABLE sign_in_try (
	tenant VARCHAR(64) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	whose VARCHAR(64) NOT NULL,
	count INTEGER NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sign_in_try PRIMARY KEY (tenant, kind, whose)
)
--;
CREATE TABLE signing_key (
	tenant VARCHAR(64) NOT NULL,
	number INTEGER NOT NULL,
	key TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE,
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
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
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
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_used_token PRIMARY KEY (tenant, used)
)
--;
CREATE INDEX ix_used_token_ends ON used_token (tenant, ends_at)
--;
CREATE TABLE word (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	changed_at TIMESTAMP WITH TIME ZONE,
	failed INTEGER DEFAULT '0' NOT NULL,
	locked_until TIMESTAMP WITH TIME ZONE,
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
	filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
	begun_by VARCHAR(64) NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_link PRIMARY KEY (tenant, link),
	CONSTRAINT fk_link_tenant_person FOREIGN KEY(tenant, person) REFERENCES person (tenant, person)
)
--;
CREATE TABLE pages (
	tenant VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	reader VARCHAR(200) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	pages BYTEA NOT NULL,
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
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
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
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	strong_at TIMESTAMP WITH TIME ZONE,
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
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind VARCHAR(64) NOT NULL,
	channel TEXT NOT NULL,
	sender VARCHAR(64),
	sha256 VARCHAR(64) NOT NULL,
	CONSTRAINT pk_submission PRIMARY KEY (tenant, case_no, number, received),
	CONSTRAINT fk_submission_tenant_sha256 FOREIGN KEY(tenant, sha256) REFERENCES blob (tenant, sha256)
)
 PARTITION BY RANGE (received)
--;
CREATE TABLE draft_blob (
	tenant VARCHAR(64) NOT NULL,
	draft VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	bytes BYTEA NOT NULL,
	CONSTRAINT pk_draft_blob PRIMARY KEY (tenant, draft, sha256),
	CONSTRAINT fk_draft_blob_tenant_draft FOREIGN KEY(tenant, draft) REFERENCES draft (tenant, draft)
)
--;
CREATE TABLE proposal_word (
	tenant VARCHAR(64) NOT NULL,
	case_no VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	by VARCHAR(64) NOT NULL,
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
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	added_by VARCHAR(64) NOT NULL,
	CONSTRAINT pk_draft_file PRIMARY KEY (tenant, draft, number),
	CONSTRAINT fk_draft_file_tenant_draft_sha256 FOREIGN KEY(tenant, draft, sha256) REFERENCES draft_blob (tenant, draft, sha256)
)
--;
CREATE TABLE "submission_default" PARTITION OF "submission" DEFAULT
--;
CREATE TABLE "run_default" PARTITION OF "run" DEFAULT
--;
CREATE TABLE "event_default" PARTITION OF "event" DEFAULT
--;
CREATE TABLE "event_of_tenants" PARTITION OF "event" FOR VALUES FROM ('2000-01-01') TO ('2000-01-02')
--;
CREATE FUNCTION priorauth_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by the ledger: %: what happened is not changed', TG_TABLE_NAME; END $$
--;
CREATE TRIGGER blob_append_only BEFORE UPDATE OR DELETE ON "blob" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER blob_not_emptied BEFORE TRUNCATE ON "blob" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER submission_append_only BEFORE UPDATE OR DELETE ON "submission" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER submission_not_emptied BEFORE TRUNCATE ON "submission" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER document_append_only BEFORE UPDATE OR DELETE ON "document" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER document_not_emptied BEFORE TRUNCATE ON "document" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER filed_in_error_append_only BEFORE UPDATE OR DELETE ON "filed_in_error" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER filed_in_error_not_emptied BEFORE TRUNCATE ON "filed_in_error" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER pages_append_only BEFORE UPDATE OR DELETE ON "pages" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER pages_not_emptied BEFORE TRUNCATE ON "pages" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER reading_append_only BEFORE UPDATE OR DELETE ON "reading" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER reading_not_emptied BEFORE TRUNCATE ON "reading" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER proposal_word_append_only BEFORE UPDATE OR DELETE ON "proposal_word" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER proposal_word_not_emptied BEFORE TRUNCATE ON "proposal_word" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER run_append_only BEFORE UPDATE OR DELETE ON "run" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER run_not_emptied BEFORE TRUNCATE ON "run" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER word_append_only BEFORE UPDATE OR DELETE ON "word" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER word_not_emptied BEFORE TRUNCATE ON "word" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON "decision" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER decision_not_emptied BEFORE TRUNCATE ON "decision" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER reason_append_only BEFORE UPDATE OR DELETE ON "reason" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER reason_not_emptied BEFORE TRUNCATE ON "reason" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER approval_append_only BEFORE UPDATE OR DELETE ON "approval" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER approval_not_emptied BEFORE TRUNCATE ON "approval" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER approval_end_append_only BEFORE UPDATE OR DELETE ON "approval_end" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER approval_end_not_emptied BEFORE TRUNCATE ON "approval_end" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER notice_append_only BEFORE UPDATE OR DELETE ON "notice" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER notice_not_emptied BEFORE TRUNCATE ON "notice" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER mailing_append_only BEFORE UPDATE OR DELETE ON "mailing" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER mailing_not_emptied BEFORE TRUNCATE ON "mailing" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER call_append_only BEFORE UPDATE OR DELETE ON "call" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER call_not_emptied BEFORE TRUNCATE ON "call" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON "event" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON "event" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER idempotency_append_only BEFORE UPDATE OR DELETE ON "idempotency" FOR EACH ROW EXECUTE FUNCTION priorauth_refuse()
--;
CREATE TRIGGER idempotency_not_emptied BEFORE TRUNCATE ON "idempotency" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
CREATE FUNCTION decision_role() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.kind IN ('part', 'adverse')) AND NOT (EXISTS (SELECT 1 FROM role AS one, person AS she WHERE one.tenant = NEW.tenant AND one.person = NEW.signer AND one.role = NEW.role
            AND one.valid_from <= NEW.on_day AND (one.valid_until IS NULL OR NEW.on_day <= one.valid_until)
            AND she.tenant = NEW.tenant AND she.person = NEW.signer AND she.active)) THEN RAISE EXCEPTION 'refused by the ledger: the signer does not hold that role on that day'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER decision_role BEFORE INSERT ON "decision" FOR EACH ROW EXECUTE FUNCTION decision_role()
--;
CREATE FUNCTION decision_licence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.kind IN ('part', 'adverse')) AND NOT (EXISTS (SELECT 1 FROM licence AS one, cases AS at, may_sign AS may WHERE one.tenant = NEW.tenant AND one.person = NEW.signer
            AND one.licence = NEW.licence AND one.valid_from <= NEW.on_day AND NEW.on_day <= one.valid_until
            AND at.tenant = NEW.tenant AND at.case_no = NEW.case_no AND may.tenant = NEW.tenant
            AND may.kind = one.kind AND (may.line = '*' OR may.line = at.line)
            AND (may.state = '*' OR (may.state = 'plan' AND one.state = at.plan_state) OR may.state = one.state))) THEN RAISE EXCEPTION 'refused by the ledger: the signer has no licence that fits this plan and is valid on that day'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER decision_licence BEFORE INSERT ON "decision" FOR EACH ROW EXECUTE FUNCTION decision_licence()
--;
CREATE FUNCTION decision_not_her_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.kind IN ('part', 'adverse')) AND NOT (NOT EXISTS (SELECT 1 FROM event AS one WHERE one.tenant = NEW.tenant
            AND one.case_no IN (NEW.case_no, (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no), (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no)), (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no)))) AND one.person = NEW.signer
            AND one.role = 'nurse' AND one.what <> 'read')) THEN RAISE EXCEPTION 'refused by the ledger: the signer prepared this case as its nurse'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER decision_not_her_case BEFORE INSERT ON "decision" FOR EACH ROW EXECUTE FUNCTION decision_not_her_case()
--;
CREATE FUNCTION decision_reasons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.kind IN ('part', 'adverse')) AND NOT (EXISTS (SELECT 1 FROM reason AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.case_no
            AND one.decision = NEW.number)) THEN RAISE EXCEPTION 'refused by the ledger: expected a reason in four parts for each criterion'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER decision_reasons BEFORE INSERT ON "decision" FOR EACH ROW EXECUTE FUNCTION decision_reasons()
--;
CREATE FUNCTION decision_first_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.kind IN ('part', 'adverse', 'approve')) AND NOT (NOT EXISTS (SELECT 1 FROM decision AS first WHERE first.tenant = NEW.tenant
            AND first.case_no IN ((SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no), (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no)), (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = (SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = NEW.case_no)))) AND first.signer IS NOT NULL
            AND (first.signer = NEW.signer OR EXISTS (SELECT 1 FROM above AS one
                WHERE one.tenant = NEW.tenant AND one.person = NEW.signer AND one.above = first.signer)))) THEN RAISE EXCEPTION 'refused by the ledger: an appeal is decided neither by the first reviewer nor by somebody below her'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER decision_first_reviewer BEFORE INSERT ON "decision" FOR EACH ROW EXECUTE FUNCTION decision_first_reviewer()
--;
CREATE FUNCTION approval_end_decided() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.why = 'adverse') AND NOT (EXISTS (SELECT 1 FROM decision AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.decision_case
            AND one.number = NEW.decision AND one.kind IN ('part', 'adverse'))) THEN RAISE EXCEPTION 'refused by the ledger: an approval is cut short only by a signed decision'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER approval_end_decided BEFORE INSERT ON "approval_end" FOR EACH ROW EXECUTE FUNCTION approval_end_decided()
--;
CREATE FUNCTION approval_decided() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (1 = 1) AND NOT (EXISTS (SELECT 1 FROM decision AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.case_no
            AND one.number = NEW.decision AND one.kind IN ('approve', 'approve-by-rule', 'part', 'by-law'))) THEN RAISE EXCEPTION 'refused by the ledger: an approval rests on a decision'; END IF; RETURN NEW; END $$
--;
CREATE TRIGGER approval_decided BEFORE INSERT ON "approval" FOR EACH ROW EXECUTE FUNCTION approval_decided()
--;
ALTER TABLE "approval" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "approval" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "approval" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "approval_end" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "approval_end" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "approval_end" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "ask" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "ask" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "ask" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "blob" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "blob" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "blob" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "call" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "call" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "call" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "cases" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "cases" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "cases" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "challenge" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "challenge" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "challenge" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "clock" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "clock" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "clock" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "context" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "context" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "context" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "counter" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "counter" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "counter" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "decision" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "decision" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "decision" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "event" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "event" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "event" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "feedback" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "feedback" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "feedback" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "filed_in_error" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "filed_in_error" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "filed_in_error" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "form_error" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "form_error" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "form_error" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "hook_call" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "hook_call" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "hook_call" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "idempotency" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "idempotency" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "idempotency" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "item" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "item" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "item" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "mailing" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "mailing" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "mailing" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "may_sign" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "may_sign" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "may_sign" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "notice" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "notice" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "notice" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "notice_state" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "notice_state" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "notice_state" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "notification" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "notification" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "notification" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "organisation" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "organisation" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "organisation" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "outbox" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "outbox" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "outbox" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "person" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "person" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "person" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "proposal" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "proposal" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "proposal" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "run" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "run" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "run" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "sign_in_try" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "sign_in_try" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "sign_in_try" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "signing_key" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "signing_key" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "signing_key" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "subscription" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "subscription" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "subscription" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "tenant" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "tenant" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "tenant" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "token" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "token" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "token" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "traced" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "traced" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "traced" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "used_token" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "used_token" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "used_token" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "word" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "word" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "word" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "above" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "above" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "above" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "account" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "account" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "account" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "document" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "document" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "document" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "draft" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "draft" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "draft" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "identity" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "identity" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "identity" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "licence" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "licence" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "licence" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "link" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "link" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "link" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "pages" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "pages" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "pages" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "passkey" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "passkey" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "passkey" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "preference" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "preference" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "preference" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "reason" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "reason" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "reason" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "role" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "role" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "role" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "session" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "session" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "session" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "submission" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "submission" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "submission" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "draft_blob" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "draft_blob" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "draft_blob" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "proposal_word" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "proposal_word" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "proposal_word" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "reading" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "reading" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "reading" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
ALTER TABLE "draft_file" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "draft_file" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "draft_file" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
CREATE TRIGGER submission_default_not_emptied BEFORE TRUNCATE ON "submission_default" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
ALTER TABLE "submission_default" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "submission_default" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "submission_default" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
CREATE TRIGGER run_default_not_emptied BEFORE TRUNCATE ON "run_default" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
ALTER TABLE "run_default" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "run_default" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "run_default" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
CREATE TRIGGER event_default_not_emptied BEFORE TRUNCATE ON "event_default" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
ALTER TABLE "event_default" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "event_default" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "event_default" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
--;
CREATE TRIGGER event_of_tenants_not_emptied BEFORE TRUNCATE ON "event_of_tenants" FOR EACH STATEMENT EXECUTE FUNCTION priorauth_refuse()
--;
ALTER TABLE "event_of_tenants" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "event_of_tenants" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY own_tenant ON "event_of_tenants" USING (tenant = current_setting('priorauth.tenant', true)) WITH CHECK (tenant = current_setting('priorauth.tenant', true))
