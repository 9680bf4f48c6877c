import { MigrationInterface, QueryRunner } from "typeorm"

export class Nickname1700000000002 implements MigrationInterface {
  name = "Nickname1700000000002"

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "user" ADD COLUMN "nickname" character varying`)
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "user" DROP COLUMN "nickname"`)
  }
}
