-- unit: core
-- Tables from address to note.
CREATE TABLE address (
    id varchar NOT NULL,
    customer_id varchar,
    company varchar,
    first_name varchar,
    last_name varchar,
    address_1 varchar,
    address_2 varchar,
    city varchar,
    country_code varchar,
    province varchar,
    postal_code varchar,
    phone varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE batch_job (
    id varchar NOT NULL,
    type text NOT NULL,
    created_by varchar,
    context jsonb,
    result jsonb,
    dry_run boolean DEFAULT false NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    pre_processed_at timestamptz,
    confirmed_at timestamptz,
    processing_at timestamptz,
    completed_at timestamptz,
    failed_at timestamptz,
    canceled_at timestamptz,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz
);
CREATE TABLE cart (
    id varchar NOT NULL,
    email varchar,
    billing_address_id varchar,
    shipping_address_id varchar,
    region_id varchar NOT NULL,
    customer_id varchar,
    payment_id varchar,
    type cart_type_enum DEFAULT 'default'::cart_type_enum NOT NULL,
    completed_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    idempotency_key varchar,
    context jsonb,
    payment_authorized_at timestamptz
);
CREATE TABLE cart_discounts (
    cart_id varchar NOT NULL,
    discount_id varchar NOT NULL
);
CREATE TABLE cart_gift_cards (
    cart_id varchar NOT NULL,
    gift_card_id varchar NOT NULL
);
CREATE TABLE claim_image (
    id varchar NOT NULL,
    claim_item_id varchar NOT NULL,
    url varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE claim_item (
    id varchar NOT NULL,
    claim_order_id varchar NOT NULL,
    item_id varchar NOT NULL,
    variant_id varchar NOT NULL,
    reason claim_item_reason_enum NOT NULL,
    note varchar,
    quantity integer NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE claim_item_tags (
    item_id varchar NOT NULL,
    tag_id varchar NOT NULL
);
CREATE TABLE claim_order (
    id varchar NOT NULL,
    payment_status claim_order_payment_status_enum DEFAULT 'na'::claim_order_payment_status_enum NOT NULL,
    fulfillment_status claim_order_fulfillment_status_enum DEFAULT 'not_fulfilled'::claim_order_fulfillment_status_enum NOT NULL,
    type claim_order_type_enum NOT NULL,
    order_id varchar NOT NULL,
    shipping_address_id varchar,
    refund_amount integer,
    canceled_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    idempotency_key varchar,
    no_notification boolean
);
CREATE TABLE claim_tag (
    id varchar NOT NULL,
    value varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE country (
    id integer NOT NULL,
    iso_2 varchar NOT NULL,
    iso_3 varchar NOT NULL,
    num_code integer NOT NULL,
    name varchar NOT NULL,
    display_name varchar NOT NULL,
    region_id varchar
);
CREATE TABLE currency (
    code varchar NOT NULL,
    symbol varchar NOT NULL,
    symbol_native varchar NOT NULL,
    name varchar NOT NULL
);
CREATE TABLE custom_shipping_option (
    id varchar NOT NULL,
    price integer NOT NULL,
    shipping_option_id varchar NOT NULL,
    cart_id varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE customer (
    id varchar NOT NULL,
    email varchar NOT NULL,
    first_name varchar,
    last_name varchar,
    billing_address_id varchar,
    password_hash varchar,
    phone varchar,
    has_account boolean DEFAULT false NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE customer_group (
    id varchar NOT NULL,
    name varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE customer_group_customers (
    customer_group_id varchar NOT NULL,
    customer_id varchar NOT NULL
);
CREATE TABLE discount (
    id varchar NOT NULL,
    code varchar NOT NULL,
    is_dynamic boolean NOT NULL,
    rule_id varchar,
    is_disabled boolean NOT NULL,
    parent_discount_id varchar,
    starts_at timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    ends_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    usage_limit integer,
    usage_count integer DEFAULT 0 NOT NULL,
    valid_duration varchar
);
CREATE TABLE discount_condition (
    id varchar NOT NULL,
    type discount_condition_type_enum NOT NULL,
    operator discount_condition_operator_enum NOT NULL,
    discount_rule_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE discount_condition_customer_group (
    customer_group_id varchar NOT NULL,
    condition_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE discount_condition_product (
    product_id varchar NOT NULL,
    condition_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE discount_condition_product_collection (
    product_collection_id varchar NOT NULL,
    condition_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE discount_condition_product_tag (
    product_tag_id varchar NOT NULL,
    condition_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE discount_condition_product_type (
    product_type_id varchar NOT NULL,
    condition_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE discount_regions (
    discount_id varchar NOT NULL,
    region_id varchar NOT NULL
);
CREATE TABLE discount_rule (
    id varchar NOT NULL,
    description varchar,
    type discount_rule_type_enum NOT NULL,
    value integer NOT NULL,
    allocation discount_rule_allocation_enum,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE discount_rule_products (
    discount_rule_id varchar NOT NULL,
    product_id varchar NOT NULL
);
CREATE TABLE draft_order (
    id varchar NOT NULL,
    status draft_order_status_enum DEFAULT 'open'::draft_order_status_enum NOT NULL,
    display_id integer NOT NULL,
    cart_id varchar,
    order_id varchar,
    canceled_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    completed_at timestamptz,
    metadata jsonb,
    idempotency_key varchar,
    no_notification_order boolean
);
CREATE TABLE fulfillment (
    id varchar NOT NULL,
    swap_id varchar,
    order_id varchar,
    tracking_numbers jsonb DEFAULT '[]'::jsonb NOT NULL,
    data jsonb NOT NULL,
    shipped_at timestamptz,
    canceled_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    idempotency_key varchar,
    provider_id varchar,
    claim_order_id varchar,
    no_notification boolean,
    location_id varchar
);
CREATE TABLE fulfillment_item (
    fulfillment_id varchar NOT NULL,
    item_id varchar NOT NULL,
    quantity integer NOT NULL
);
CREATE TABLE fulfillment_provider (
    id varchar NOT NULL,
    is_installed boolean DEFAULT true NOT NULL
);
CREATE TABLE gift_card (
    id varchar NOT NULL,
    code varchar NOT NULL,
    value integer NOT NULL,
    balance integer NOT NULL,
    region_id varchar NOT NULL,
    order_id varchar,
    is_disabled boolean DEFAULT false NOT NULL,
    ends_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    tax_rate real
);
CREATE TABLE gift_card_transaction (
    id varchar NOT NULL,
    gift_card_id varchar NOT NULL,
    order_id varchar NOT NULL,
    amount integer NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    is_taxable boolean,
    tax_rate real
);
CREATE TABLE idempotency_key (
    id varchar NOT NULL,
    idempotency_key varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    locked_at timestamptz,
    request_method varchar,
    request_params jsonb,
    request_path varchar,
    response_code integer,
    response_body jsonb,
    recovery_point varchar DEFAULT 'started'::varchar NOT NULL
);
CREATE TABLE image (
    id varchar NOT NULL,
    url varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE invite (
    id varchar NOT NULL,
    user_email varchar NOT NULL,
    role invite_role_enum DEFAULT 'member'::invite_role_enum,
    accepted boolean DEFAULT false NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    token varchar NOT NULL,
    expires_at timestamptz DEFAULT now() NOT NULL
);
CREATE TABLE line_item (
    id varchar NOT NULL,
    cart_id varchar,
    order_id varchar,
    swap_id varchar,
    title varchar NOT NULL,
    description varchar,
    thumbnail varchar,
    is_giftcard boolean DEFAULT false NOT NULL,
    should_merge boolean DEFAULT true NOT NULL,
    allow_discounts boolean DEFAULT true NOT NULL,
    has_shipping boolean,
    unit_price integer NOT NULL,
    variant_id varchar,
    quantity integer NOT NULL,
    fulfilled_quantity integer,
    returned_quantity integer,
    shipped_quantity integer,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    claim_order_id varchar,
    is_return boolean DEFAULT false NOT NULL,
    original_item_id varchar,
    order_edit_id varchar,
    CONSTRAINT "CHK_0cd85e15610d11b553d5e8fda6" CHECK ((shipped_quantity <= fulfilled_quantity)),
    CONSTRAINT "CHK_64eef00a5064887634f1680866" CHECK ((quantity > 0)),
    CONSTRAINT "CHK_91f40396d847f6ecfd9f752bf8" CHECK ((returned_quantity <= quantity)),
    CONSTRAINT "CHK_c61716c68f5ad5de2834c827d3" CHECK ((fulfilled_quantity <= quantity))
);
CREATE TABLE line_item_adjustment (
    id varchar NOT NULL,
    item_id varchar NOT NULL,
    description varchar NOT NULL,
    discount_id varchar,
    amount numeric NOT NULL,
    metadata jsonb
);
CREATE TABLE line_item_tax_line (
    id varchar NOT NULL,
    rate real NOT NULL,
    name varchar NOT NULL,
    code varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    item_id varchar NOT NULL
);
CREATE TABLE money_amount (
    id varchar NOT NULL,
    currency_code varchar NOT NULL,
    amount integer NOT NULL,
    region_id varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    min_quantity integer,
    max_quantity integer,
    price_list_id varchar
);
CREATE TABLE note (
    id varchar NOT NULL,
    value varchar NOT NULL,
    resource_type varchar NOT NULL,
    resource_id varchar NOT NULL,
    author_id varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
