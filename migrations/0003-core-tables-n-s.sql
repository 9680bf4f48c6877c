-- unit: core
-- Tables from notification to sales_channel_location.
CREATE TABLE notification (
    id varchar NOT NULL,
    event_name varchar,
    resource_type varchar NOT NULL,
    resource_id varchar NOT NULL,
    customer_id varchar,
    "to" varchar NOT NULL,
    data jsonb NOT NULL,
    parent_id varchar,
    provider_id varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL
);
CREATE TABLE notification_provider (
    id varchar NOT NULL,
    is_installed boolean DEFAULT true NOT NULL
);
CREATE TABLE oauth (
    id varchar NOT NULL,
    display_name varchar NOT NULL,
    application_name varchar NOT NULL,
    install_url varchar,
    uninstall_url varchar,
    data jsonb
);
CREATE TABLE "order" (
    id varchar NOT NULL,
    status order_status_enum DEFAULT 'pending'::order_status_enum NOT NULL,
    fulfillment_status order_fulfillment_status_enum DEFAULT 'not_fulfilled'::order_fulfillment_status_enum NOT NULL,
    payment_status order_payment_status_enum DEFAULT 'not_paid'::order_payment_status_enum NOT NULL,
    display_id integer NOT NULL,
    cart_id varchar,
    customer_id varchar NOT NULL,
    email varchar NOT NULL,
    billing_address_id varchar,
    shipping_address_id varchar,
    region_id varchar NOT NULL,
    currency_code varchar NOT NULL,
    tax_rate real,
    canceled_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    idempotency_key varchar,
    draft_order_id varchar,
    no_notification boolean,
    external_id varchar
);
CREATE TABLE order_discounts (
    order_id varchar NOT NULL,
    discount_id varchar NOT NULL
);
CREATE TABLE order_edit (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    order_id varchar NOT NULL,
    internal_note varchar,
    created_by varchar NOT NULL,
    requested_by varchar,
    requested_at timestamptz,
    confirmed_by varchar,
    confirmed_at timestamptz,
    declined_by varchar,
    declined_reason varchar,
    declined_at timestamptz,
    canceled_by varchar,
    canceled_at timestamptz,
    payment_collection_id varchar
);
CREATE TABLE order_gift_cards (
    order_id varchar NOT NULL,
    gift_card_id varchar NOT NULL
);
CREATE TABLE order_item_change (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    type order_item_change_type_enum NOT NULL,
    order_edit_id varchar NOT NULL,
    original_line_item_id varchar,
    line_item_id varchar
);
CREATE TABLE payment (
    id varchar NOT NULL,
    swap_id varchar,
    cart_id varchar,
    order_id varchar,
    amount integer NOT NULL,
    currency_code varchar NOT NULL,
    amount_refunded integer DEFAULT 0 NOT NULL,
    provider_id varchar NOT NULL,
    data jsonb NOT NULL,
    captured_at timestamptz,
    canceled_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    idempotency_key varchar
);
CREATE TABLE payment_collection (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    type "PAYMENT_COLLECTION_TYPE_ENUM" NOT NULL,
    status "PAYMENT_COLLECTION_STATUS_ENUM" NOT NULL,
    description text,
    amount integer NOT NULL,
    authorized_amount integer,
    region_id varchar NOT NULL,
    currency_code varchar NOT NULL,
    metadata jsonb,
    created_by varchar NOT NULL
);
CREATE TABLE payment_collection_payments (
    payment_collection_id varchar NOT NULL,
    payment_id varchar NOT NULL
);
CREATE TABLE payment_collection_sessions (
    payment_collection_id varchar NOT NULL,
    payment_session_id varchar NOT NULL
);
CREATE TABLE payment_provider (
    id varchar NOT NULL,
    is_installed boolean DEFAULT true NOT NULL
);
CREATE TABLE payment_session (
    id varchar NOT NULL,
    cart_id varchar,
    provider_id varchar NOT NULL,
    is_selected boolean,
    status payment_session_status_enum NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    idempotency_key varchar,
    payment_authorized_at timestamptz,
    amount integer,
    is_initiated boolean DEFAULT false NOT NULL
);
CREATE TABLE price_list (
    id varchar NOT NULL,
    name varchar NOT NULL,
    description varchar NOT NULL,
    type price_list_type_enum DEFAULT 'sale'::price_list_type_enum NOT NULL,
    status price_list_status_enum DEFAULT 'draft'::price_list_status_enum NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz
);
CREATE TABLE price_list_customer_groups (
    price_list_id varchar NOT NULL,
    customer_group_id varchar NOT NULL
);
CREATE TABLE product (
    id varchar NOT NULL,
    title varchar NOT NULL,
    subtitle varchar,
    description varchar,
    handle varchar,
    is_giftcard boolean DEFAULT false NOT NULL,
    thumbnail varchar,
    weight integer,
    length integer,
    height integer,
    width integer,
    hs_code varchar,
    origin_country varchar,
    mid_code varchar,
    material varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    collection_id varchar,
    type_id varchar,
    discountable boolean DEFAULT true NOT NULL,
    status product_status_enum DEFAULT 'draft'::product_status_enum NOT NULL,
    external_id varchar
);
CREATE TABLE product_category (
    id varchar NOT NULL,
    name text NOT NULL,
    handle text NOT NULL,
    parent_category_id varchar,
    mpath text,
    is_active boolean DEFAULT false,
    is_internal boolean DEFAULT false,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    rank integer DEFAULT 0 NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    CONSTRAINT product_category_rank_check CHECK ((rank >= 0))
);
CREATE TABLE product_category_product (
    product_category_id varchar NOT NULL,
    product_id varchar NOT NULL
);
CREATE TABLE product_collection (
    id varchar NOT NULL,
    title varchar NOT NULL,
    handle varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE product_images (
    product_id varchar NOT NULL,
    image_id varchar NOT NULL
);
CREATE TABLE product_option (
    id varchar NOT NULL,
    title varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    product_id varchar
);
CREATE TABLE product_option_value (
    id varchar NOT NULL,
    value varchar NOT NULL,
    option_id varchar NOT NULL,
    variant_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE product_shipping_profile (
    profile_id text NOT NULL,
    product_id text NOT NULL
);
CREATE TABLE product_tag (
    id varchar NOT NULL,
    value varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE product_tags (
    product_id varchar NOT NULL,
    product_tag_id varchar NOT NULL
);
CREATE TABLE product_tax_rate (
    product_id varchar NOT NULL,
    rate_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE product_type (
    id varchar NOT NULL,
    value varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb
);
CREATE TABLE product_type_tax_rate (
    product_type_id varchar NOT NULL,
    rate_id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb
);
CREATE TABLE product_variant (
    id varchar NOT NULL,
    title varchar NOT NULL,
    product_id varchar NOT NULL,
    sku varchar,
    barcode varchar,
    ean varchar,
    upc varchar,
    inventory_quantity integer NOT NULL,
    allow_backorder boolean DEFAULT false NOT NULL,
    manage_inventory boolean DEFAULT true NOT NULL,
    hs_code varchar,
    origin_country varchar,
    mid_code varchar,
    material varchar,
    weight integer,
    length integer,
    height integer,
    width integer,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    variant_rank integer DEFAULT 0
);
CREATE TABLE product_variant_inventory_item (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    inventory_item_id text NOT NULL,
    variant_id text NOT NULL,
    required_quantity integer DEFAULT 1 NOT NULL,
    deleted_at timestamptz
);
CREATE TABLE product_variant_money_amount (
    id varchar NOT NULL,
    money_amount_id text NOT NULL,
    variant_id text NOT NULL,
    deleted_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL
);
CREATE TABLE publishable_api_key (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    created_by varchar,
    revoked_by varchar,
    revoked_at timestamptz,
    title varchar NOT NULL
);
CREATE TABLE publishable_api_key_sales_channel (
    sales_channel_id varchar NOT NULL,
    publishable_key_id varchar NOT NULL
);
CREATE TABLE refund (
    id varchar NOT NULL,
    order_id varchar,
    amount integer NOT NULL,
    note varchar,
    reason refund_reason_enum NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    idempotency_key varchar,
    payment_id varchar
);
CREATE TABLE region (
    id varchar NOT NULL,
    name varchar NOT NULL,
    currency_code varchar NOT NULL,
    tax_rate real NOT NULL,
    tax_code varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    gift_cards_taxable boolean DEFAULT true NOT NULL,
    automatic_taxes boolean DEFAULT true NOT NULL,
    tax_provider_id varchar
);
CREATE TABLE region_fulfillment_providers (
    region_id varchar NOT NULL,
    provider_id varchar NOT NULL
);
CREATE TABLE region_payment_providers (
    region_id varchar NOT NULL,
    provider_id varchar NOT NULL
);
CREATE TABLE return (
    id varchar NOT NULL,
    status return_status_enum DEFAULT 'requested'::return_status_enum NOT NULL,
    swap_id varchar,
    order_id varchar,
    shipping_data jsonb,
    refund_amount integer NOT NULL,
    received_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    metadata jsonb,
    idempotency_key varchar,
    claim_order_id varchar,
    no_notification boolean,
    location_id varchar
);
CREATE TABLE return_item (
    return_id varchar NOT NULL,
    item_id varchar NOT NULL,
    quantity integer NOT NULL,
    is_requested boolean DEFAULT true NOT NULL,
    requested_quantity integer,
    received_quantity integer,
    metadata jsonb,
    reason_id varchar,
    note varchar
);
CREATE TABLE return_reason (
    id varchar NOT NULL,
    value varchar NOT NULL,
    label varchar NOT NULL,
    description varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    metadata jsonb,
    parent_return_reason_id varchar
);
CREATE TABLE sales_channel_location (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    sales_channel_id text NOT NULL,
    location_id text NOT NULL,
    deleted_at timestamptz
);
