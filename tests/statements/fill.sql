-- n of everything, n of everything in each: the same database twice, with n = 2 and n = 20, must cost the same statements.
--   psql -v n=20 -f fill.sql      on a copy of the seeded database with fixture.sql's rows
\set ON_ERROR_STOP on
begin;
create temp table many as select i, i::text as s from generate_series(1, :n) i;
create temp table pairs as select a.i, b.i as j, a.i || '_' || b.i as s from many a, many b;
create temp table shop as select
  (select default_sales_channel_id from store limit 1) as channel, (select id from store limit 1) as store,
  (select id from shipping_profile where type = 'default' limit 1) as profile,
  (select password_hash from "user" limit 1) as password;

-- Regions; countries of the first region.
insert into region (id, name, currency_code, tax_rate) select 'reg_x' || s, 'Region ' || s, 'eur', 5 from many;
insert into region_payment_providers select 'reg_x' || s, 'manual' from many;
insert into region_fulfillment_providers select 'reg_x' || s, 'manual' from many;
update country set region_id = 'reg_eu' where id in (select id from country where region_id is null order by id limit :n);
insert into tax_rate (id, rate, code, name, region_id) select 'txr_x' || s, i, 'X' || s, 'Rate ' || s, 'reg_eu' from many;
insert into shipping_option (id, name, region_id, profile_id, provider_id, price_type, amount, data)
  select 'so_x' || s, 'Option ' || s, 'reg_eu', profile, 'manual', 'flat_rate', 100 * i, '{"id":"manual-fulfillment"}' from many, shop;
insert into shipping_option_requirement (id, shipping_option_id, type, amount)
  select 'sor_x' || s, 'so_x' || i, case j when 1 then 'min_subtotal' else 'max_subtotal' end::shipping_option_requirement_type_enum, case j when 1 then 1 else 100000000 end from pairs where j <= 2;
insert into shipping_tax_rate (shipping_option_id, rate_id) select 'so_x' || i, 'txr_x' || j from pairs;
insert into currency (code, symbol, symbol_native, name) select 'x' || lpad(s, 2, '0'), 'X', 'X', 'Currency ' || s from many;
insert into store_currencies select store, 'x' || lpad(s, 2, '0') from many, shop;

-- The catalogue.
insert into sales_channel (id, name) select 'sc_x' || s, 'Channel ' || s from many;
insert into publishable_api_key (id, title) values ('pk_x', 'Key');
insert into publishable_api_key_sales_channel (id, sales_channel_id, publishable_key_id)
  select 'pksc_x' || s, 'sc_x' || s, 'pk_x' from many union all select 'pksc_x', channel, 'pk_x' from shop;
insert into product_collection (id, title, handle) select 'pcol_x' || s, 'Collection ' || s, 'collection-x' || s from many;
insert into product_type (id, value) select 'ptyp_x' || s, 'Type ' || s from many;
insert into product_tag (id, value) select 'ptag_x' || s, 'Tag ' || s from many;
insert into image (id, url) select 'img_x' || s, 'https://images.example.com/' || s from pairs;
-- Departments of n categories each, and a tree of n levels.
insert into product_category (id, name, handle, mpath, is_active, rank)
  select 'pcat_x' || s, 'Department ' || s, 'department-' || s, 'pcat_x' || s || '.', true, 1000 + i from many;
insert into product_category (id, name, handle, mpath, is_active, parent_category_id, rank)
  select 'pcat_x' || s, 'Category ' || s, 'category-' || s, 'pcat_x' || i || '.pcat_x' || s || '.', true, 'pcat_x' || i, j from pairs;
insert into product_category (id, name, handle, mpath, is_active, parent_category_id, rank)
  select 'pcat_deep' || s, 'Level ' || s, 'level-' || s, (select string_agg('pcat_deep' || k, '.' order by k) || '.' from generate_series(1, i) k), true,
    case when i > 1 then 'pcat_deep' || i - 1 end, case when i > 1 then 0 else 2000 end from many;

insert into product (id, title, handle, status, collection_id, type_id, description) select 'prod_x' || s, 'Thing ' || s, 'thing-' || s, 'published', 'pcol_x1', 'ptyp_x1', 'A thing' from many;
insert into product_images select 'prod_x' || i, 'img_x' || s from pairs;
insert into product_tags select 'prod_x' || i, 'ptag_x' || j from pairs;
insert into product_category_product (product_category_id, product_id) select 'pcat_x' || j, 'prod_x' || i from pairs;
insert into product_sales_channel (product_id, sales_channel_id) select 'prod_x' || i, 'sc_x' || j from pairs union all select 'prod_x' || s, channel from many, shop;
insert into product_shipping_profile (profile_id, product_id) select profile, 'prod_x' || s from many, shop;
insert into product_option (id, title, product_id) select 'opt_x' || s, 'Option ' || j, 'prod_x' || i from pairs;
insert into product_variant (id, title, product_id, sku, inventory_quantity, variant_rank) select 'variant_x' || s, 'Variant ' || j, 'prod_x' || i, 'X-' || s, 1000, j from pairs;
insert into product_option_value (id, value, option_id, variant_id)
  select 'optval_x' || p.s || '_' || m.s, 'Value ' || m.s, 'opt_x' || p.i || '_' || m.i, 'variant_x' || p.s from pairs p, many m;
-- Prices: by currency, by region, and n of price lists, half of them for groups.
insert into customer_group (id, name) select 'cgrp_x' || s, 'Group ' || s from many;
insert into price_list (id, name, description, type, status) select 'pl_x' || s, 'List ' || s, '', 'sale', 'active' from many;
insert into price_list_customer_groups select 'pl_x' || i, 'cgrp_x' || j from pairs where i % 2 = 0;
insert into money_amount (id, currency_code, amount) select 'ma_x' || s, 'eur', 1000 + j from pairs;
insert into money_amount (id, currency_code, amount, region_id) select 'ma_r' || p.s || '_' || m.s, 'eur', 900 + m.i, 'reg_x' || m.s from pairs p, many m;
insert into money_amount (id, currency_code, amount, price_list_id, min_quantity) select 'ma_l' || p.s || '_' || m.s, 'eur', 800 + m.i, 'pl_x' || m.s, m.i from pairs p, many m;
insert into product_variant_money_amount (id, money_amount_id, variant_id)
  select 'pvma_x' || s, 'ma_x' || s, 'variant_x' || s from pairs
  union all select 'pvma_' || kind || p.s || '_' || m.s, 'ma_' || kind || p.s || '_' || m.s, 'variant_x' || p.s from pairs p, many m, unnest(array['r', 'l']) kind;
insert into product_tax_rate (product_id, rate_id) select 'prod_x' || i, 'txr_x' || j from pairs;
insert into product_type_tax_rate (product_type_id, rate_id) select 'ptyp_x' || i, 'txr_x' || j from pairs;

-- Discounts with conditions of every kind, and gift cards.
insert into discount_rule (id, type, value, allocation) select 'dru_x' || s, 'percentage', 1, 'item' from many;
insert into discount (id, code, is_dynamic, rule_id, is_disabled, starts_at) select 'disc_x' || s, 'X' || s, false, 'dru_x' || s, false, '2024-01-01' from many;
insert into discount_regions select 'disc_x' || s, 'reg_eu' from many union all select 'disc_x' || i, 'reg_x' || j from pairs;
insert into discount_condition (id, type, operator, discount_rule_id)
  select 'discon_x' || s || '_' || t, t::discount_condition_type_enum, 'in', 'dru_x' || s from many, unnest(array['products', 'product_types', 'product_tags', 'product_collections', 'customer_groups']) t;
insert into discount_condition_product (product_id, condition_id) select 'prod_x' || j, 'discon_x' || i || '_products' from pairs;
insert into discount_condition_product_type (product_type_id, condition_id) select 'ptyp_x' || j, 'discon_x' || i || '_product_types' from pairs;
insert into discount_condition_product_tag (product_tag_id, condition_id) select 'ptag_x' || j, 'discon_x' || i || '_product_tags' from pairs;
insert into discount_condition_product_collection (product_collection_id, condition_id) select 'pcol_x' || j, 'discon_x' || i || '_product_collections' from pairs;
insert into discount_condition_customer_group (customer_group_id, condition_id) select 'cgrp_x' || j, 'discon_x' || i || '_customer_groups' from pairs;
insert into gift_card (id, code, value, balance, region_id) select 'gift_x' || s, 'GIFT-X' || s, 10, 10, 'reg_eu' from many;

-- Customers with accounts: n addresses and groups each. All have the admin's password.
insert into customer (id, email, first_name, has_account, password_hash) select 'cus_x' || s, 'x' || s || '@example.com', 'X', true, password from many, shop;
insert into address (id, customer_id, first_name, address_1, city, country_code, postal_code) select 'addr_x' || s, 'cus_x' || i, 'X', 'Street ' || j, 'City', 'de', '10115' from pairs;
insert into customer_group_customers select 'cgrp_x' || j, 'cus_x' || i from pairs;

-- Users and invitations, apps, and what users let the dashboard tell.
insert into "user" (id, email, first_name, password_hash) select 'usr_x' || s, 'x' || s || '@stheno.test', 'X', password from many, shop;
insert into invite (id, user_email, role, accepted, token, expires_at) select 'invite_x' || s, 'guest' || s || '@stheno.test', 'member', false, 'token', now() + interval '7 days' from many;
insert into oauth (id, display_name, application_name) select 'oauth_x' || s, 'App ' || s, 'app-' || s from many;
insert into notification (id, event_name, resource_type, resource_id, "to", data, provider_id) select 'noti_x' || s, 'order.placed', 'order', 'order_x' || s, 'x', '{}', 'pigeon' from many;
insert into notification (id, event_name, resource_type, resource_id, "to", data, provider_id, parent_id) select 'noti_x' || s, 'order.placed', 'order', 'order_x' || i, 'x', '{}', 'pigeon', 'noti_x' || i from pairs;
insert into batch_job (id, type, created_by, pre_processed_at) select 'batch_x' || s, 'thing-import', (select id from "user" where email = 'admin@stheno.test'), now() from many;

-- Orders of the first customer with n of everything that hangs on an order, down to the tax lines of an item.
set local session_replication_role = replica; -- carts and payments name each other
insert into cart (id, email, region_id, customer_id, completed_at) select 'cart_x' || s, 'x1@example.com', 'reg_eu', 'cus_x1', now() from many;
insert into address (id, customer_id, first_name, address_1, city, country_code, postal_code) select 'addr_o' || s, 'cus_x1', 'X', 'Street', 'City', 'de', '10115' from many;
insert into "order" (id, cart_id, customer_id, email, region_id, currency_code, shipping_address_id, billing_address_id, sales_channel_id, created_at)
  select 'order_x' || s, 'cart_x' || s, 'cus_x1', 'x1@example.com', 'reg_eu', 'eur', 'addr_o' || s, 'addr_o' || s, channel, timestamptz '2024-06-01' + i * interval '1 hour' from many, shop;
insert into line_item (id, cart_id, order_id, title, unit_price, variant_id, quantity, metadata)
  select 'item_x' || s, 'cart_x' || i, 'order_x' || i, 'Thing', 1000, 'variant_x1_' || j, 3, '{}' from pairs;
insert into line_item_tax_line (id, rate, name, code, item_id) select 'litl_x' || p.s || '_' || m.s, 1, 'Rate', 'X' || m.s, 'item_x' || p.s from pairs p, many m;
insert into line_item_adjustment (id, item_id, description, discount_id, amount) select 'lia_x' || p.s || '_' || m.s, 'item_x' || p.s, 'discount', 'disc_x' || m.s, 1 from pairs p, many m;
insert into order_discounts select 'order_x' || i, 'disc_x' || j from pairs;
insert into order_gift_cards select 'order_x' || i, 'gift_x' || j from pairs;
insert into gift_card_transaction (id, gift_card_id, order_id, amount) select 'gct_x' || s, 'gift_x' || j, 'order_x' || i, 1 from pairs;
insert into shipping_method (id, shipping_option_id, order_id, price, data) select 'sm_x' || s, 'so_x' || j, 'order_x' || i, 100, '{}' from pairs;
insert into shipping_method_tax_line (id, rate, name, code, shipping_method_id) select 'smtl_x' || p.s || '_' || m.s, 1, 'Rate', 'X' || m.s, 'sm_x' || p.s from pairs p, many m;
insert into fulfillment (id, order_id, data, provider_id) select 'ful_x' || s, 'order_x' || i, '{}', 'manual' from pairs;
insert into fulfillment_item (fulfillment_id, item_id, quantity) select 'ful_x' || p.s, 'item_x' || p.i || '_' || m.s, 1 from pairs p, many m;
insert into tracking_link (id, tracking_number, fulfillment_id) select 'tlink_x' || p.s || '_' || m.s, 'T' || m.s, 'ful_x' || p.s from pairs p, many m;
insert into payment (id, order_id, amount, currency_code, provider_id, data) select 'pay_x' || s, 'order_x' || i, 1000, 'eur', 'manual', '{}' from pairs;
-- An order that nothing has been done about, with n items and payments.
insert into "order" (id, customer_id, email, region_id, currency_code) values ('order_end', 'cus_x1', 'x1@example.com', 'reg_eu', 'eur');
insert into line_item (id, order_id, title, unit_price, variant_id, quantity, metadata) select 'item_end' || s, 'order_end', 'Thing', 1000, 'variant_x1_' || i, 3, '{}' from many;
insert into payment (id, order_id, amount, currency_code, provider_id, data) select 'pay_end' || s, 'order_end', 1000, 'eur', 'manual', '{}' from many;
insert into refund (id, order_id, amount, reason) select 'ref_x' || s, 'order_x' || i, 1, 'other' from pairs;
insert into return_reason (id, value, label) select 'rr_x' || s, 'reason-' || s, 'Reason' from many;
insert into return (id, order_id, refund_amount) select 'ret_x' || s, 'order_x' || i, 1 from pairs;
insert into return_item (return_id, item_id, quantity, reason_id) select 'ret_x' || p.s, 'item_x' || p.i || '_' || m.s, 1, 'rr_x' || m.s from pairs p, many m;
insert into shipping_method (id, shipping_option_id, return_id, price, data) select 'sm_r' || s, 'so_x' || j, 'ret_x' || s, 100, '{}' from pairs;
insert into swap (id, fulfillment_status, payment_status, order_id) select 'swap_x' || s, 'not_fulfilled', 'not_paid', 'order_x' || i from pairs;
insert into line_item (id, swap_id, title, unit_price, variant_id, quantity) select 'item_s' || p.s || '_' || m.s, 'swap_x' || p.s, 'Thing', 1000, 'variant_x1_' || m.s, 1 from pairs p, many m;
insert into claim_order (id, type, order_id) select 'claim_x' || s, 'refund', 'order_x' || i from pairs;
insert into claim_item (id, claim_order_id, item_id, variant_id, reason, quantity) select 'citm_x' || p.s || '_' || m.s, 'claim_x' || p.s, 'item_x' || p.i || '_' || m.s, 'variant_x1_' || m.s, 'other', 1 from pairs p, many m;
insert into claim_image (id, claim_item_id, url) select 'cimg_x' || p.s || '_' || m.s, 'citm_x' || p.s || '_1', 'https://images.example.com' from pairs p, many m;
insert into claim_tag (id, value) select 'ctag_x' || s, 'tag-' || s from many;
insert into claim_item_tags select 'citm_x' || p.s || '_1', 'ctag_x' || m.s from pairs p, many m;
insert into order_edit (id, order_id, created_by) select 'oe_x' || s, 'order_x' || i, 'admin' from pairs;
insert into order_item_change (id, type, order_edit_id, original_line_item_id) select 'oic_x' || p.s || '_' || m.s, 'item_remove', 'oe_x' || p.s, 'item_x' || p.i || '_' || m.s from pairs p, many m;
insert into line_item (id, order_edit_id, original_item_id, title, unit_price, variant_id, quantity) select 'item_e' || p.s || '_' || m.s, 'oe_x' || p.s, 'item_x' || p.i || '_' || m.s, 'Thing', 1000, 'variant_x1_' || m.s, 1 from pairs p, many m;
insert into payment_collection (id, type, status, amount, region_id, currency_code, created_by) select 'paycol_x' || s, 'order_edit', 'not_paid', 1, 'reg_eu', 'eur', 'admin' from many;
insert into payment_session (id, provider_id, status, data) select 'ps_c' || s, 'manual', 'pending', '{}' from pairs;
insert into payment_collection_sessions select 'paycol_x' || i, 'ps_c' || s from pairs;
insert into payment_collection_payments select 'paycol_x' || i, 'pay_x' || s from pairs;
-- An order with a discount and n items to edit; and one with an edit that n payments have paid.
insert into discount_rule (id, type, value, allocation) values ('dru_edit', 'percentage', 10, 'item');
insert into discount (id, code, is_dynamic, rule_id, is_disabled, starts_at) values ('disc_edit', 'EDIT', false, 'dru_edit', false, '2024-01-01');
insert into "order" (id, customer_id, email, region_id, currency_code) select id, 'cus_x1', 'x1@example.com', 'reg_eu', 'eur' from unnest(array['order_edit', 'order_paid']) id;
insert into order_discounts values ('order_edit', 'disc_edit');
insert into order_edit (id, order_id, created_by, requested_at) values ('oe_paid', 'order_paid', 'admin', now());
insert into line_item (id, order_id, title, unit_price, variant_id, quantity, metadata) select 'item_o' || id || s, id, 'Thing', 1000, 'variant_x1_' || i, 3, '{}' from many, unnest(array['order_edit', 'order_paid']) id;
insert into line_item (id, order_edit_id, original_item_id, title, unit_price, variant_id, quantity, metadata) select 'item_oe' || s, 'oe_paid', 'item_oorder_paid' || s, 'Thing', 1000, 'variant_x1_' || i, 4, '{}' from many;
insert into line_item_adjustment (id, item_id, description, discount_id, amount) select 'lia_o' || s, 'item_oorder_edit' || s, 'discount', 'disc_edit', 300 from many;
insert into payment_collection (id, type, status, amount, region_id, currency_code, created_by) values ('paycol_paid', 'order_edit', 'authorized', 1000000, 'reg_eu', 'eur', 'admin');
update order_edit set payment_collection_id = 'paycol_paid' where id = 'oe_paid';
insert into payment (id, amount, currency_code, provider_id, data) select 'pay_e' || s, 1000, 'eur', 'manual', '{}' from many;
insert into payment_collection_payments select 'paycol_paid', 'pay_e' || s from many;

-- Drafts with n items, and a swap whose cart has as many.
insert into cart (id, email, region_id, customer_id, type) select 'cart_d' || s, 'x1@example.com', 'reg_eu', 'cus_x1', 'draft_order' from many union all values ('cart_s', 'x1@example.com', 'reg_eu', 'cus_x1', 'swap'::cart_type_enum);
insert into draft_order (id, cart_id) select 'dorder_x' || s, 'cart_d' || s from many;
update swap set cart_id = 'cart_s' where id = 'swap_x1_1';
insert into line_item (id, cart_id, title, unit_price, variant_id, quantity)
  select 'item_d' || s, 'cart_d' || i, 'Thing', 1000, 'variant_x1_' || j, 1 from pairs union all select 'item_s' || s, 'cart_s', 'Thing', 1000, 'variant_x1_' || s, 1 from many;
insert into line_item_adjustment (id, item_id, description, discount_id, amount) select 'lia_d' || s, 'item_d' || s, 'discount', 'disc_x' || j, 1 from pairs;
insert into shipping_method (id, shipping_option_id, cart_id, price, data) select 'sm_d' || s, 'so_x' || j, 'cart_d' || i, 100, '{}'::jsonb from pairs union all select 'sm_s' || s, 'so_x' || s, 'cart_s', 100, '{}' from many;
commit;
analyze;
-- What is claimed must have arrived.
update line_item set fulfilled_quantity = 1, shipped_quantity = 1 where order_id in ('order_x1', 'order_x2');
