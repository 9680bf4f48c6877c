Object.defineProperty(exports, "__esModule", { value: true });
const { dataSource } = require("@medusajs/medusa/dist/loaders/database");
const { GiftCardRepository: Base } = require("@medusajs/medusa/dist/repositories/gift-card");
const { GiftCard } = require("@medusajs/medusa");
exports.GiftCardRepository = dataSource.getRepository(GiftCard).extend({ ...Object.assign(Base, { target: GiftCard }), async listGiftCardsAndCount(...given) { return Base.listGiftCardsAndCount.apply(this, given); } });
