-- The default sales channel is gone, without a word to the store. For scripts that say "rows: no_default_channel.sql".
\set ON_ERROR_STOP on
begin;
delete from product_sales_channel where product_id = (select id from product where handle = 'mug');
update sales_channel set deleted_at = now() where id = (select default_sales_channel_id from store);
commit;
