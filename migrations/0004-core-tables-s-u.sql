-- unit: core
-- Tables from shipping_method to user.
CREATE TABLE shipping_method (
    id varchar NOT NULL,
    shipping_option_id varchar NOT NULL,
    order_id varchar,
    cart_id varchar,
    swap_id varchar,
    return_id varchar,
    price integer NOT NULL,
    data jsonb NOT NULL,
    claim_order_id varchar,
    CONSTRAINT "CHK_64c6812fe7815be30d688df513" CHECK ((price >= 0)),
    CONSTRAINT "CHK_a7020b08665bbd64d84a6641cf" CHECK (((claim_order_id IS NOT NULL) OR (order_id IS NOT NULL) OR (cart_id IS NOT NULL) OR (swap_id IS NOT NULL) OR (return_id IS NOT NULL)))
);
CREATE TABLE shipping_method_tax_line (
    id varchar NOT NULL,
    rate real NOT NULL,
    name varchar NOT NULL,
    code varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    shipping_method_id varchar NOT NULL
);
CREATE TABLE shipping_option (
    id varchar NOT NULL,
    name varchar NOT NULL,
    region_id varchar NOT NULL,
    profile_id varchar NOT NULL,
    provider_id varchar NOT NULL,
    price_type shipping_option_price_type_enum NOT NULL,
    amount integer,
    is_return boolean DEFAULT false NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    admin_only boolean DEFAULT false NOT NULL,
    CONSTRAINT "CHK_7a367f5901ae0a5b0df75aee38" CHECK ((amount >= 0))
);
CREATE TABLE shipping_option_requirement (
    id varchar NOT NULL,
    shipping_option_id varchar NOT NULL,
    type shipping_option_requirement_type_enum NOT NULL,
    amount integer NOT NULL,
    deleted_at timestamptz
);
CREATE TABLE shipping_profile (
    id varchar NOT NULL,
    name varchar NOT NULL,
    type shipping_profile_type_enum NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE shipping_tax_rate (
    shipping_option_id varchar NOT NULL,
    rate_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE staged_job (
    id varchar NOT NULL,
    event_name varchar NOT NULL,
    data jsonb NOT NULL,
    options jsonb DEFAULT '{}'::jsonb NOT NULL
);
CREATE TABLE store (
    id varchar NOT NULL,
    name varchar DEFAULT 'Medusa Store'::varchar NOT NULL,
    default_currency_code varchar DEFAULT 'usd'::varchar NOT NULL,
    swap_link_template varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    payment_link_template varchar,
    invite_link_template varchar,
    default_location_id varchar
);
CREATE TABLE store_currencies (
    store_id varchar NOT NULL,
    currency_code varchar NOT NULL
);
CREATE TABLE swap (
    id varchar NOT NULL,
    fulfillment_status swap_fulfillment_status_enum NOT NULL,
    payment_status swap_payment_status_enum NOT NULL,
    order_id varchar NOT NULL,
    difference_due integer,
    shipping_address_id varchar,
    cart_id varchar,
    confirmed_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    idempotency_key varchar,
    no_notification boolean,
    canceled_at timestamptz,
    allow_backorder boolean DEFAULT false NOT NULL
);
CREATE TABLE tax_provider (
    id varchar NOT NULL,
    is_installed boolean DEFAULT true NOT NULL
);
CREATE TABLE tax_rate (
    id varchar NOT NULL,
    rate real,
    code varchar,
    name varchar NOT NULL,
    region_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE tracking_link (
    id varchar NOT NULL,
    url varchar,
    tracking_number varchar NOT NULL,
    fulfillment_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    idempotency_key varchar
);
CREATE TABLE "user" (
    id varchar NOT NULL,
    email varchar NOT NULL,
    first_name varchar,
    last_name varchar,
    password_hash varchar,
    api_token varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    role user_role_enum DEFAULT 'member'::user_role_enum
);
