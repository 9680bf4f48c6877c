-- unit: analytics
-- With the feature flag analytics.
-- migration: 1666173221888 addAnalyticsConfig1666173221888
CREATE TABLE analytics_config (
    id varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    deleted_at timestamptz,
    user_id varchar NOT NULL,
    opt_out boolean DEFAULT false NOT NULL,
    anonymize boolean DEFAULT false NOT NULL
);
ALTER TABLE ONLY analytics_config ADD CONSTRAINT "PK_93505647c5d7cb479becb810b0f" PRIMARY KEY (id);
CREATE UNIQUE INDEX "IDX_379ca70338ce9991f3affdeedf" ON analytics_config USING btree (id, user_id) WHERE (deleted_at IS NULL);
-- down
DROP TABLE analytics_config;
