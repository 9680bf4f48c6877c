-- unit: core_customer_accounts
-- New with 1.20.3: a deleted customer does not occupy his address.
-- migration: 1709888477798 AlterCustomerUniqueConstraint1709888477798
ALTER TABLE customer DROP CONSTRAINT "UQ_unique_email_for_guests_and_customer_accounts";
CREATE UNIQUE INDEX "IDX_unique_email_for_guests_and_customer_accounts" ON customer USING btree (email, has_account) WHERE (deleted_at IS NULL);
-- down
-- Of customers who share an address only one can stay: one who is not deleted, else the oldest.
DELETE FROM customer c USING customer kept
    WHERE kept.email = c.email AND kept.has_account = c.has_account
      AND (kept.deleted_at IS NOT NULL, kept.id) < (c.deleted_at IS NOT NULL, c.id);
DROP INDEX "IDX_unique_email_for_guests_and_customer_accounts";
ALTER TABLE ONLY customer ADD CONSTRAINT "UQ_unique_email_for_guests_and_customer_accounts" UNIQUE (email, has_account);
