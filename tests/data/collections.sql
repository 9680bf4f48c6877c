-- Payment collections, as edits of orders make them.
\set ON_ERROR_STOP on
insert into payment_collection (id, type, status, description, amount, authorized_amount, region_id, currency_code, metadata, created_by) values
  ('paycol_one', 'order_edit', 'not_paid', 'More mugs', 1500, null, 'reg_eu', 'eur', '{"why": "more"}', 'admin_user'), ('paycol_parts', 'order_edit', 'not_paid', null, 3000, null, 'reg_eu', 'eur', null, 'admin_user'),
  ('paycol_free', 'order_edit', 'not_paid', null, 0, null, 'reg_eu', 'eur', null, 'admin_user'), ('paycol_cash', 'order_edit', 'not_paid', null, 700, null, 'reg_eu', 'eur', '{}', 'admin_user'),
  ('paycol_idle', 'order_edit', 'not_paid', null, 900, null, 'reg_eu', 'eur', '{}', 'admin_user');
