-- orders.sql, and edits whose payment has been authorized: one in full, and one that has been changed since, so that more is due.
-- For scripts that say "rows: paid_edits.sql".
\set ON_ERROR_STOP on
\ir orders.sql
begin;
insert into payment_collection (id, type, status, amount, authorized_amount, region_id, currency_code, created_by, created_at) values
  ('paycol_due', 'order_edit', 'authorized', 1299, 1299, 'reg_eu', 'eur', 'admin_user', '2024-06-13'), ('paycol_short', 'order_edit', 'authorized', 100, 100, 'reg_na', 'usd', 'admin_user', '2024-06-13');
insert into payment (id, amount, currency_code, provider_id, data, created_at) values ('pay_due', 1299, 'eur', 'manual', '{}', '2024-06-13'), ('pay_short', 100, 'usd', 'manual', '{}', '2024-06-13');
insert into payment_collection_payments values ('paycol_due', 'pay_due'), ('paycol_short', 'pay_short');
insert into order_edit (id, order_id, created_by, requested_by, requested_at, payment_collection_id, created_at) values
  ('oe_due', 'order_eu', 'admin_user', 'admin_user', '2024-06-13', 'paycol_due', '2024-06-13'), ('oe_short', 'order_na', 'admin_user', 'admin_user', '2024-06-13', 'paycol_short', '2024-06-13');
insert into line_item (id, order_edit_id, original_item_id, title, description, unit_price, quantity, variant_id, metadata, created_at) select copy.id, edit, original, title, description, unit_price, i.quantity, variant_id, '{}', i.created_at
  from line_item i, (values ('item_due_mug', 'oe_due', 'item_eu_mug'), ('item_short_mug', 'oe_short', 'item_na_mug'), ('item_short_lamp', 'oe_short', 'item_na_lamp')) as copy (id, edit, original) where i.id = copy.original;
insert into line_item (id, order_edit_id, title, unit_price, quantity, metadata, created_at) values ('item_due_poster', 'oe_due', 'Poster', 1299, 1, '{}', '2024-06-13'), ('item_short_poster', 'oe_short', 'Poster', 1429, 1, '{}', '2024-06-13');
insert into line_item_tax_line (id, item_id, rate, name, code) select 'litl_' || id, id, 0, 'default', 'default' from line_item where order_edit_id in ('oe_due', 'oe_short');
insert into order_item_change (id, type, order_edit_id, line_item_id, created_at) values ('oic_due', 'item_add', 'oe_due', 'item_due_poster', '2024-06-13'), ('oic_short', 'item_add', 'oe_short', 'item_short_poster', '2024-06-13');
commit;
