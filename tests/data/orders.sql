-- What has been agreed about orders: two orders of North America (taxed) and Europe, a draft, edits, payment collections, a return and a
-- swap. For scripts that say "rows: orders.sql".
\set ON_ERROR_STOP on
begin;
create function pg_temp.variant(sku text) returns text language sql as $$ select id from product_variant where product_variant.sku = $1 $$;
create function pg_temp.option(region text, name text) returns text language sql as $$ select id from shipping_option s where s.region_id = $1 and s.name = $2 $$;
create function pg_temp.item(id text, sku text, title text, price int, quantity int) returns void language sql as $$
  insert into line_item (id, variant_id, title, description, unit_price, quantity, metadata, created_at) values ($1, pg_temp.variant($2), $3, $2, $4, $5, '{}', timestamptz '2024-06-01' + ('x' || substr(md5($1), 1, 4))::bit(16)::int * interval '1 second') $$;

insert into customer (id, email, first_name, last_name, has_account) values ('cus_o', 'orders@example.com', 'Stheno', 'Gorgon', false);
insert into address (id, customer_id, first_name, last_name, address_1, city, country_code, postal_code) select 'addr_' || n, 'cus_o', 'Stheno', 'Gorgon', 'Cisthene ' || n, 'Sarpedon', 'us', '10115' from generate_series(1, 6) n;

-- A paid order with a discount, and one that is not paid.
insert into cart (id, email, region_id, customer_id, type, completed_at, context) values ('cart_na', 'orders@example.com', 'reg_na', 'cus_o', 'default', '2024-06-01', '{}'), ('cart_eu', 'orders@example.com', 'reg_eu', 'cus_o', 'default', '2024-06-02', '{}');
insert into "order" (id, display_id, status, payment_status, cart_id, customer_id, email, billing_address_id, shipping_address_id, region_id, currency_code, created_at) values
  ('order_na', 9001, 'pending', 'captured', 'cart_na', 'cus_o', 'orders@example.com', 'addr_1', 'addr_2', 'reg_na', 'usd', '2024-06-01'), ('order_eu', 9002, 'pending', 'awaiting', 'cart_eu', 'cus_o', 'orders@example.com', 'addr_1', 'addr_2', 'reg_eu', 'eur', '2024-06-02');
do $$ begin
  perform pg_temp.item('item_na_mug', 'MUG-ONE', 'Mug', 1000, 3); perform pg_temp.item('item_na_lamp', 'LAMP-ONE', 'Lamp', 2550, 1); perform pg_temp.item('item_eu_mug', 'MUG-ONE', 'Mug', 900, 2);
end $$;
update line_item set order_id = 'order_na', cart_id = 'cart_na', returned_quantity = case when id = 'item_na_mug' then 1 end where id like 'item_na_%';
update line_item set order_id = 'order_eu', cart_id = 'cart_eu' where id like 'item_eu_%';
insert into line_item_tax_line (id, item_id, rate, name, code) values ('litl_1', 'item_na_mug', 5, 'Mugs', 'MUG5'), ('litl_2', 'item_na_lamp', 12.5, 'Household', 'HOUSE'), ('litl_3', 'item_eu_mug', 0, 'default', 'default');
insert into order_discounts values ('order_na', 'disc_ten');
insert into line_item_adjustment (id, item_id, description, discount_id, amount) values ('lia_1', 'item_na_mug', 'discount', 'disc_ten', 300), ('lia_2', 'item_na_lamp', 'discount', 'disc_ten', 255);
insert into shipping_method (id, shipping_option_id, order_id, cart_id, price, data) values ('sm_na', pg_temp.option('reg_na', 'Express'), 'order_na', 'cart_na', 1200, '{}'), ('sm_eu', pg_temp.option('reg_eu', 'Standard'), 'order_eu', 'cart_eu', 1000, '{}');
insert into shipping_method_tax_line (id, shipping_method_id, rate, name, code) values ('smtl_na', 'sm_na', 7, 'Express', 'EXPRESS'), ('smtl_eu', 'sm_eu', 0, 'default', 'default');
insert into payment (id, order_id, cart_id, amount, currency_code, provider_id, data, captured_at) values ('pay_na', 'order_na', 'cart_na', 6500, 'usd', 'manual', '{"status": "captured"}', '2024-06-01'), ('pay_eu', 'order_eu', 'cart_eu', 2800, 'eur', 'manual', '{"status": "authorized"}', null);

-- A draft with a discount and a way to ship, one that was completed, and one without anything.
insert into cart (id, email, region_id, customer_id, type, billing_address_id, shipping_address_id, context) values ('cart_draft', 'drafts@example.com', 'reg_na', 'cus_o', 'draft_order', 'addr_3', 'addr_4', '{}'), ('cart_done', 'orders@example.com', 'reg_eu', 'cus_o', 'draft_order', null, null, '{}'), ('cart_bare', 'bare@example.com', 'reg_dk', null, 'draft_order', null, null, null);
do $$ begin perform pg_temp.item('item_draft_mug', 'MUG-ONE', 'Mug', 1000, 2); perform pg_temp.item('item_draft_lamp', 'LAMP-ONE', 'Lamp', 2550, 1); end $$;
update line_item set cart_id = 'cart_draft', metadata = '{"note": "by hand"}' where id like 'item_draft_%';
insert into cart_discounts values ('cart_draft', 'disc_ten');
insert into line_item_adjustment (id, item_id, description, discount_id, amount) values ('lia_d1', 'item_draft_mug', 'discount', 'disc_ten', 200), ('lia_d2', 'item_draft_lamp', 'discount', 'disc_ten', 255);
insert into shipping_method (id, shipping_option_id, cart_id, price, data) values ('sm_draft', pg_temp.option('reg_na', 'Express'), 'cart_draft', 1100, '{"to": "door"}');
insert into payment_session (id, cart_id, provider_id, is_selected, is_initiated, status, data, amount) values ('ps_draft', 'cart_draft', 'manual', true, true, 'pending', '{"status": "pending"}', 5000);
insert into draft_order (id, status, display_id, cart_id, order_id, completed_at, created_at, updated_at, metadata, no_notification_order) values
  ('dorder_open', 'open', 11, 'cart_draft', null, null, '2024-06-03', '2024-06-03', '{"by": "phone"}', true), ('dorder_done', 'completed', 12, 'cart_done', 'order_eu', '2024-06-04', '2024-06-04', '2024-06-04', null, false), ('dorder_bare', 'open', 13, 'cart_bare', null, null, '2024-06-05', '2024-06-05', null, null);
update "order" set draft_order_id = 'dorder_done' where id = 'order_eu';

-- Edits of the paid order: one in the making (one mug less, a lamp more), one that was asked for, and one that was declined.
insert into payment_collection (id, type, status, description, amount, authorized_amount, region_id, currency_code, metadata, created_by, created_at) values
  ('paycol_open', 'order_edit', 'not_paid', 'More mugs', 1500, null, 'reg_na', 'usd', '{"why": "more"}', 'admin_user', '2024-06-06'), ('paycol_part', 'order_edit', 'partially_authorized', null, 2000, 500, 'reg_eu', 'eur', '{}', 'admin_user', '2024-06-07'),
  ('paycol_gone', 'order_edit', 'canceled', null, 100, null, 'reg_eu', 'eur', null, 'admin_user', '2024-06-08');
insert into payment_session (id, provider_id, is_selected, is_initiated, status, data, amount) values ('ps_part', 'manual', null, true, 'pending', '{"status": "pending"}', 500);
insert into payment_collection_sessions values ('paycol_part', 'ps_part');
insert into payment (id, amount, currency_code, provider_id, data) values ('pay_part', 500, 'eur', 'manual', '{}');
insert into payment_collection_payments values ('paycol_part', 'pay_part');
insert into order_edit (id, order_id, internal_note, created_by, requested_by, requested_at, declined_by, declined_reason, declined_at, payment_collection_id, created_at) values
  ('oe_made', 'order_na', 'Fewer mugs', 'admin_user', null, null, null, null, null, null, '2024-06-06'), ('oe_asked', 'order_na', null, 'admin_user', 'admin_user', '2024-06-07', null, null, null, 'paycol_open', '2024-06-07'),
  ('oe_declined', 'order_eu', 'Too dear', 'admin_user', 'admin_user', '2024-06-08', 'cus_o', 'Too dear', '2024-06-09', null, '2024-06-08');
do $$ begin
  perform pg_temp.item('item_made_mug', 'MUG-ONE', 'Mug', 1000, 2); perform pg_temp.item('item_made_lamp', 'LAMP-ONE', 'Lamp', 2550, 1); perform pg_temp.item('item_made_poster', 'POSTER-ONE', 'Poster', 700, 1); perform pg_temp.item('item_asked_mug', 'MUG-ONE', 'Mug', 1000, 5);
end $$;
update line_item set order_edit_id = 'oe_made', original_item_id = replace(id, 'made', 'na') where id in ('item_made_mug', 'item_made_lamp');
update line_item set order_edit_id = 'oe_made' where id = 'item_made_poster';
update line_item set order_edit_id = 'oe_asked', original_item_id = 'item_na_mug' where id = 'item_asked_mug';
insert into line_item_tax_line (id, item_id, rate, name, code) values ('litl_4', 'item_made_mug', 5, 'Mugs', 'MUG5'), ('litl_5', 'item_made_lamp', 12.5, 'Household', 'HOUSE'), ('litl_6', 'item_made_poster', 12.5, 'Household', 'HOUSE'), ('litl_7', 'item_asked_mug', 5, 'Mugs', 'MUG5');
insert into line_item_adjustment (id, item_id, description, discount_id, amount) values ('lia_3', 'item_made_mug', 'discount', 'disc_ten', 200), ('lia_4', 'item_made_lamp', 'discount', 'disc_ten', 255), ('lia_5', 'item_made_poster', 'discount', 'disc_ten', 70), ('lia_6', 'item_asked_mug', 'discount', 'disc_ten', 500);
insert into order_item_change (id, type, order_edit_id, original_line_item_id, line_item_id, created_at) values ('oic_1', 'item_update', 'oe_made', 'item_na_mug', 'item_made_mug', '2024-06-06'), ('oic_2', 'item_add', 'oe_made', null, 'item_made_poster', '2024-06-06 01:00'), ('oic_3', 'item_update', 'oe_asked', 'item_na_mug', 'item_asked_mug', '2024-06-07');

-- A mug comes back, and another one is sent for it.
insert into return_reason (id, value, label) values ('rr_broken', 'broken', 'Broken');
insert into cart (id, email, region_id, customer_id, type, billing_address_id, shipping_address_id, context, metadata) values ('cart_swap', 'orders@example.com', 'reg_na', 'cus_o', 'swap', 'addr_5', 'addr_6', '{}', '{"swap_id": "swap_na", "parent_order_id": "order_na"}');
insert into swap (id, fulfillment_status, payment_status, order_id, difference_due, shipping_address_id, cart_id, no_notification, created_at) values ('swap_na', 'not_fulfilled', 'awaiting', 'order_na', 700, 'addr_6', 'cart_swap', true, '2024-06-10'), ('swap_eu', 'canceled', 'canceled', 'order_eu', null, null, null, null, '2024-06-11');
insert into return (id, status, swap_id, order_id, refund_amount, created_at) values ('ret_swap', 'requested', 'swap_na', null, 1000, '2024-06-10'), ('ret_na', 'received', null, 'order_na', 900, '2024-06-12');
insert into return_item (return_id, item_id, quantity, is_requested, requested_quantity, received_quantity, reason_id, note) values ('ret_swap', 'item_na_mug', 1, true, 1, null, 'rr_broken', 'In two'), ('ret_na', 'item_na_mug', 1, true, 1, 1, null, null);
do $$ begin perform pg_temp.item('item_swap_lamp', 'LAMP-ONE', 'Lamp', 2550, 1); perform pg_temp.item('item_swap_back', 'MUG-ONE', 'Return item', -900, 1); end $$;
update line_item set cart_id = 'cart_swap', swap_id = 'swap_na' where id = 'item_swap_lamp';
update line_item set cart_id = 'cart_swap', is_return = true, metadata = '{"return_line_item_id": "item_na_mug"}' where id = 'item_swap_back';
insert into line_item_tax_line (id, item_id, rate, name, code) values ('litl_8', 'item_swap_back', 5, 'Mugs', 'MUG5');
insert into line_item_adjustment (id, item_id, description, amount) values ('lia_7', 'item_swap_lamp', 'discount', 50);
insert into shipping_method (id, shipping_option_id, return_id, price, data) values ('sm_ret', pg_temp.option('reg_na', 'Return'), 'ret_swap', 800, '{}');
insert into shipping_method (id, shipping_option_id, swap_id, cart_id, price, data) values ('sm_swap', pg_temp.option('reg_na', 'Standard'), 'swap_na', 'cart_swap', 800, '{}');
insert into fulfillment (id, swap_id, provider_id, data, created_at) values ('ful_swap', 'swap_na', 'manual', '{}', '2024-06-10');
insert into fulfillment_item values ('ful_swap', 'item_swap_lamp', 1);
update line_item set updated_at = created_at where id like 'item_%';
commit;
analyze;
