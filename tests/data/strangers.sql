-- People who don't know each other, and what 1.20 has let them share: an address that is in a customer's book, in a cart and in an
-- order. For scripts that say "rows: strangers.sql".
\set ON_ERROR_STOP on
begin;
insert into customer (id, email, first_name, last_name, phone, has_account, metadata) values
  ('cus_holder', 'holder@example.com', 'Holda', 'Holder', '+49 1', true, '{"note": "ours"}'),
  ('cus_thief', 'thief@example.com', 'Thea', 'Thief', null, true, null),
  ('cus_guest', 'guest@example.com', 'Gia', 'Guest', '+49 2', false, '{"note": "rings twice"}');
insert into address (id, customer_id, first_name, address_1, city, country_code, postal_code) values
  ('addr_book', 'cus_holder', 'Holda', 'Book 1', 'Sarpedon', 'de', '1'),
  ('addr_kept', 'cus_holder', 'Holda', 'Kept 1', 'Sarpedon', 'de', '1'),
  ('addr_thief', 'cus_thief', 'Thea', 'Thief 1', 'Sarpedon', 'de', '1'),
  ('addr_order', null, 'Holda', 'Order 1', 'Sarpedon', 'de', '1');
insert into cart (id, email, region_id, customer_id, shipping_address_id, billing_address_id, completed_at, context) values
  ('cart_done', 'holder@example.com', 'reg_eu', 'cus_holder', 'addr_book', 'addr_kept', '2024-06-01', '{}'),
  ('cart_holder', 'holder@example.com', 'reg_eu', 'cus_holder', 'addr_book', null, null, '{}'),
  ('cart_guest', 'guest@example.com', 'reg_eu', 'cus_guest', null, null, null, '{}'),
  ('cart_swap', 'holder@example.com', 'reg_eu', 'cus_holder', 'addr_order', 'addr_order', null, '{}');
insert into "order" (id, display_id, status, payment_status, cart_id, customer_id, email, billing_address_id, shipping_address_id, region_id, currency_code) values
  ('order_done', 9101, 'pending', 'awaiting', 'cart_done', 'cus_holder', 'holder@example.com', 'addr_kept', 'addr_book', 'reg_eu', 'eur'),
  ('order_swap', 9102, 'pending', 'awaiting', null, 'cus_holder', 'holder@example.com', 'addr_order', 'addr_order', 'reg_eu', 'eur');
insert into shipping_option (id, name, region_id, profile_id, provider_id, price_type, amount, is_return, admin_only, data)
  select 'so_admin', 'By the boss', region_id, profile_id, provider_id, price_type, 0, false, true, data from shipping_option where region_id = 'reg_eu' and name = 'Standard';
update "order" set created_at = created_at - interval '1 hour' where id = 'order_swap';
commit;
