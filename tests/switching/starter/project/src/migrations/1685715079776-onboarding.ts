import { MigrationInterface, QueryRunner } from "typeorm"

export class Onboarding1685715079776 implements MigrationInterface {
  name = "Onboarding1685715079776"

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "onboarding_state" ("id" character varying NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "current_step" character varying, "is_complete" boolean NOT NULL, CONSTRAINT "PK_onboarding_state" PRIMARY KEY ("id"))`)
    await queryRunner.query(`INSERT INTO "onboarding_state" ("id", "is_complete") VALUES ('onboarding_first', false)`)
    await queryRunner.query(`CREATE TABLE "order_heard" ("order_id" character varying NOT NULL, "process" integer NOT NULL)`)
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "order_heard", "onboarding_state"`)
  }
}
