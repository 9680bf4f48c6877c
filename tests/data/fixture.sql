-- What a seed file can't hold: discounts, gift cards, tax rates, price lists, requirements; and times that give every list one order.
\set ON_ERROR_STOP on
begin;

-- A seed is one transaction, so its rows share one time. Spread them by names that every seeded database has alike.
create temp table moment as select timestamptz '2024-05-01 10:00:00+00' as base;
update product p set created_at = base + n * interval '1 hour', updated_at = base + n * interval '1 hour' from moment, (select id, row_number() over (order by handle) n from product) o where o.id = p.id;
update product_variant v set created_at = base + n * interval '1 minute', updated_at = base + n * interval '1 minute' from moment,
  (select v.id, row_number() over (order by p.handle, v.variant_rank, v.title) n from product_variant v join product p on p.id = v.product_id) o where o.id = v.id;
update product_option t set created_at = base + n * interval '1 minute', updated_at = base from moment, (select t.id, row_number() over (order by p.handle, t.title) n from product_option t join product p on p.id = t.product_id) o where o.id = t.id;
update shipping_option s set created_at = base + n * interval '1 minute', updated_at = base from moment, (select id, row_number() over (order by region_id, name) n from shipping_option) o where o.id = s.id;
update region r set created_at = base + n * interval '1 minute', updated_at = base from moment, (select id, row_number() over (order by name) n from region) o where o.id = r.id;
update product_collection c set created_at = base + n * interval '1 minute', updated_at = base from moment, (select id, row_number() over (order by title) n from product_collection) o where o.id = c.id;
update product_type t set created_at = base + n * interval '1 minute', updated_at = base from moment, (select id, row_number() over (order by value) n from product_type) o where o.id = t.id;
update product_tag t set created_at = base + n * interval '1 minute', updated_at = base from moment, (select id, row_number() over (order by value) n from product_tag) o where o.id = t.id;
update product_category c set created_at = base + n * interval '1 minute', updated_at = base from moment, (select id, row_number() over (order by name) n from product_category) o where o.id = c.id;

-- Prices: Denmark only has prices of its own region for the pullover; a sale for everyone; a list for members; a quantity price.
create function pg_temp.price(id text, sku text, amount int, currency text, region text, list text, minimum int, maximum int) returns void language sql as $$
  insert into money_amount (id, currency_code, amount, region_id, price_list_id, min_quantity, max_quantity) values ($1, $4, $3, $5, $6, $7, $8);
  insert into product_variant_money_amount (id, money_amount_id, variant_id) select 'pvma_' || $1, $1, v.id from product_variant v where v.sku = $2;
$$;
insert into customer_group (id, name) values ('cgrp_members', 'Members');
insert into price_list (id, name, description, type, status) values
  ('pl_sale', 'Sale', 'For everyone', 'sale', 'active'), ('pl_members', 'Members', 'For members', 'override', 'active'), ('pl_draft', 'Draft', 'Not yet', 'sale', 'draft');
insert into price_list_customer_groups values ('pl_members', 'cgrp_members');
do $$ begin
  perform pg_temp.price('ma_pullover_dk', 'PULLOVER-S-BLACK', 36000, 'dkk', 'reg_dk', null, null, null);
  perform pg_temp.price('ma_pullover_eu', 'PULLOVER-M-BLACK', 4800, 'eur', 'reg_eu', null, null, null);
  perform pg_temp.price('ma_mug_sale', 'MUG-ONE', 800, 'eur', null, 'pl_sale', null, null);
  perform pg_temp.price('ma_mug_dozen', 'MUG-ONE', 600, 'eur', null, 'pl_sale', 12, 24);
  perform pg_temp.price('ma_shirt_members', 'SHIRT-M-BLUE', 1500, 'eur', null, 'pl_members', null, null);
  perform pg_temp.price('ma_lamp_draft', 'LAMP-ONE', 1, 'eur', null, 'pl_draft', null, null);
end $$;

-- Taxes of North America: 10 % by default, 5 % on mugs, 12.5 % on household goods, 7 % on express. Denmark's aren't automatic.
insert into tax_rate (id, rate, code, name, region_id) values ('txr_mug', 5, 'MUG5', 'Mugs', 'reg_na'), ('txr_house', 12.5, 'HOUSE', 'Household', 'reg_na'), ('txr_express', 7, 'EXPRESS', 'Express', 'reg_na');
insert into product_tax_rate (product_id, rate_id) select id, 'txr_mug' from product where handle = 'mug';
insert into product_type_tax_rate (product_type_id, rate_id) select id, 'txr_house' from product_type where value = 'Household';
insert into shipping_tax_rate (shipping_option_id, rate_id) select id, 'txr_express' from shipping_option where region_id = 'reg_na' and name = 'Express';
update region set automatic_taxes = false where id = 'reg_dk';
insert into shipping_option_requirement (id, shipping_option_id, type, amount) select 'sor_eu_express', id, 'min_subtotal', 2000 from shipping_option where region_id = 'reg_eu' and name = 'Express';

-- Discounts.
insert into discount_rule (id, description, type, value, allocation) values
  ('dru_ten', 'Ten percent', 'percentage', 10, 'total'), ('dru_five', 'Five off', 'fixed', 500, 'total'), ('dru_each', 'One off each', 'fixed', 100, 'item'),
  ('dru_ship', 'Free shipping', 'free_shipping', 0, null), ('dru_mug', 'Mugs only', 'percentage', 50, 'item'), ('dru_members', 'Members', 'percentage', 20, 'total'),
  ('dru_old', 'Past', 'percentage', 10, 'total'), ('dru_once', 'Once', 'percentage', 15, 'total');
insert into discount (id, code, is_dynamic, rule_id, is_disabled, starts_at, ends_at, usage_limit, usage_count) values
  ('disc_ten', 'TEN', false, 'dru_ten', false, '2024-01-01', null, null, 0), ('disc_five', 'FIVE', false, 'dru_five', false, '2024-01-01', null, null, 0),
  ('disc_each', 'EACH', false, 'dru_each', false, '2024-01-01', null, null, 0), ('disc_ship', 'FREESHIP', false, 'dru_ship', false, '2024-01-01', null, null, 0),
  ('disc_mug', 'MUGS', false, 'dru_mug', false, '2024-01-01', null, null, 0), ('disc_members', 'MEMBERS', false, 'dru_members', false, '2024-01-01', null, null, 0),
  ('disc_old', 'OLD', false, 'dru_old', false, '2024-01-01', '2024-02-01', null, 0), ('disc_future', 'FUTURE', false, 'dru_old', false, '2124-01-01', null, null, 0),
  ('disc_off', 'OFF', false, 'dru_old', true, '2024-01-01', null, null, 0), ('disc_used', 'USED', false, 'dru_once', false, '2024-01-01', null, 1, 1),
  ('disc_once', 'ONCE', false, 'dru_once', false, '2024-01-01', null, 1, 0);
insert into discount_regions select d.id, r.id from discount d cross join region r where not (d.code = 'FIVE' and r.id <> 'reg_eu');
insert into discount_condition (id, type, operator, discount_rule_id) values ('discon_mug', 'products', 'in', 'dru_mug'), ('discon_members', 'customer_groups', 'in', 'dru_members');
insert into discount_condition_product (product_id, condition_id) select id, 'discon_mug' from product where handle = 'mug';
insert into discount_condition_customer_group (customer_group_id, condition_id) values ('cgrp_members', 'discon_members');

insert into gift_card (id, code, value, balance, region_id, is_disabled, ends_at) values
  ('gift_small', 'GIFT-SMALL', 1000, 700, 'reg_eu', false, null), ('gift_large', 'GIFT-LARGE', 100000, 100000, 'reg_eu', false, null),
  ('gift_na', 'GIFT-NA', 5000, 5000, 'reg_na', false, null), ('gift_empty', 'GIFT-EMPTY', 1000, 0, 'reg_eu', false, null),
  ('gift_off', 'GIFT-OFF', 1000, 1000, 'reg_eu', true, null), ('gift_old', 'GIFT-OLD', 1000, 1000, 'reg_eu', false, '2024-02-01');
update gift_card g set created_at = base from moment;
update discount d set created_at = base, updated_at = base from moment;
update money_amount set created_at = base, updated_at = base from moment;

-- People: an admin whose password's hash is a secret that scripts know, so that they can make her tokens; one without a password.
insert into "user" (id, email, first_name, role, password_hash, created_at) select 'usr_forgetful', 'forgetful@stheno.test', 'Stheno', 'member', 'test-jwt-secret', base from moment;
insert into "user" (id, email, last_name, role, api_token, created_at) select 'usr_robot', 'robot@stheno.test', 'Robot', 'developer', 'robot-token', base + interval '1 hour' from moment;
insert into oauth (id, display_name, application_name, data) values ('oauth_harp', 'Harp', 'harp', '{"state": "seed"}');

-- Notifications by a provider that is not installed (any more), and jobs of types that nothing handles.
insert into notification_provider (id, is_installed) values ('pigeon', false);
insert into notification (id, event_name, resource_type, resource_id, "to", data, parent_id, provider_id, created_at) select id, event, split_part(event, '.', 1), resource, recipient, data::jsonb, parent, provider, base + n * interval '1 hour' from moment, (values
  (1, 'noti_placed', 'order.placed', 'order_1', 'perseus@example.com', '{"items": 1}', null, 'pigeon'), (2, 'noti_again', 'order.placed', 'order_1', 'danae@example.com', '{"items": 1}', 'noti_placed', 'pigeon'),
  (3, 'noti_shipped', 'order.shipment_created', 'order_1', 'perseus@example.com', '{}', null, 'pigeon'), (4, 'noti_welcome', 'customer.created', 'cus_1', 'andromeda@example.com', '{}', null, null)) o (n, id, event, resource, recipient, data, parent, provider);
insert into batch_job (id, type, created_by, context, result, dry_run, pre_processed_at, confirmed_at, processing_at, completed_at, canceled_at, failed_at, created_at)
  select o.id, 'thing-import', coalesce(other, u.id), context::jsonb, result::jsonb, dry, case when 'p' = any(at) then base end, case when 'c' = any(at) then base end, case when 'r' = any(at) then base end, case when 'd' = any(at) then base end, case when 'x' = any(at) then base end, case when 'f' = any(at) then base end, base + n * interval '1 hour'
  from moment, "user" u, (values (1, 'batch_new', null, '{"file": "a.csv"}', null, false, '{}'::text[]), (2, 'batch_tried', null, '{}', '{"count": 3}', true, '{p}'), (3, 'batch_done', null, '{}', '{"count": 3}', false, '{p,c,r,d}'),
  (4, 'batch_broken', null, '{}', '{"errors": ["no"]}', false, '{p,c,r,f}'), (5, 'batch_other', 'usr_forgetful', '{}', null, false, '{p}')) o (n, id, other, context, result, dry, at) where u.email = 'admin@stheno.test';
commit;
analyze;
