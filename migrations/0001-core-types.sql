-- unit: core
-- Enumerations of 1.20, and the migrations of 1.20 that the core unit stands for.
-- migration: 1611063162649 initialSchema1611063162649
-- migration: 1611063174563 countriesCurrencies1611063174563
-- migration: 1612284947120 claims1612284947120
-- migration: 1612353094577 indexes1612353094577
-- migration: 1613146953072 notifications1613146953072
-- migration: 1613146953073 productTypeCategoryTags1613146953073
-- migration: 1613384784316 draftOrders1613384784316
-- migration: 1613656135167 trackingLinks1613656135167
-- migration: 1614684597235 cartContext1614684597235
-- migration: 1615891636559 returnReason1615891636559
-- migration: 1615970124120 discountUsageCount1615970124120
-- migration: 1617002207608 discountUsage1617002207608
-- migration: 1619108646647 nullablePassword1619108646647
-- migration: 1623231564533 noNotification1623231564533
-- migration: 1624287602631 gcRemoveUniqueOrder1624287602631
-- migration: 1624610325746 softDeletingUniqueConstraints1624610325746
-- migration: 1625560513367 ensureCancellationFieldsExist1625560513367
-- migration: 1627995307200 addDiscountableToProduct1627995307200
-- migration: 1630505790603 allowBackorderSwaps1630505790603
-- migration: 1631104895519 RankColumnWithDefaultValue1631104895519
-- migration: 1631261634964 enforceUniqueness1631261634964
-- migration: 1631696624528 validDurationForDiscount1631696624528
-- migration: 1631800727788 nestedReturnReasons1631800727788
-- migration: 1631864388026 statusOnProduct1631864388026
-- migration: 1632220294687 addNotes1632220294687
-- migration: 1632828114899 deleteDateOnShippingOptionRequirements1632828114899
-- migration: 1633512755401 extendedUserApi1633512755401
-- migration: 1633614437919 addCustomShippingOptions1633614437919
-- migration: 1638543550000 orderTaxRateToRealType1638543550000
-- migration: 1638952072999 externalIdOrder1638952072999
-- migration: 1641636508055 newTaxSystem1641636508055
-- migration: 1644943746861 customerGroups1644943746861
-- migration: 1646324713514 discountConditions1646324713514
-- migration: 1646915480108 updateMoneyAmountAddPriceList1646915480108
-- migration: 1648600574750 addLineItemAdjustments1648600574750
-- migration: 1648641130007 taxLineConstraints1648641130007
-- migration: 1649775522087 addBatchJobModel1649775522087
-- migration: 1657098186554 taxedGiftCardTransactions1657098186554
-- migration: 1657267320181 extendedBatchJob1657267320181
-- migration: 1660040729000 paymentSessionUniqCartIdProviderId1660040729000
-- migration: 1661345741249 multiPaymentCart1661345741249
-- migration: 1661863940645 swapFulfillmentStatusRequiresAction1661863940645
-- migration: 1663059812399 orderEditing1663059812399
-- migration: 1663059812400 lineItemOriginalItemRelation1663059812400
-- migration: 1664880666982 paymentCollection1664880666982
-- migration: 1667815005070 publishableApiKey1667815005070
-- migration: 1669032280562 updateCustomerEmailConstraint_1669032280562
-- migration: 1670855241304 addTaxRateToGiftCards1670855241304
-- migration: 1671711415179 multiLocation1671711415179
-- migration: 1672906846559 productCategory1672906846559
-- migration: 1672906846560 paymentSessionIsInitiated1672906846560
-- migration: 1673003729870 stagedJobOptions1673003729870
-- migration: 1673550502785 uniquePaySessCartId1673550502785
-- migration: 1674455083104 productCategoryProduct1674455083104
-- migration: 1675689306130 multiLocationSoftDelete1675689306130
-- migration: 1677234878504 productCategoryRank1677234878504
-- migration: 1678093365811 ensureRequiredQuantity1678093365811
-- migration: 1678093365812 lineItemAdjustmentsAmount1678093365812
-- migration: 1679950221063 categoryRemoveSoftDelete1679950221063
-- migration: 1679950645253 categoryCreateIndexes1679950645253
-- migration: 1679950645254 productDomainImprovedIndexes1679950645254
-- migration: 1679950645254 productSearchGinIndexes1679950645254
-- migration: 1680857773272 addDescriptionToProductCategory1680857773272
-- migration: 1680857773272 lineItemTaxAdjustmentOnCascadeDelete1680857773272
-- migration: 1680857773273 addTableProductShippingProfile1680857773273
-- migration: 1680857773273 dropProductIdFkSalesChannels1680857773273
-- migration: 1680857773273 dropVariantIdFkMoneyAmount1680857773273
-- migration: 1692870898423 UpdateReturnReasonIndex1692870898423
-- migration: 1692953518123 dropMoneyAmountConstraintsForPricingModule1692953518123
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TYPE "PAYMENT_COLLECTION_STATUS_ENUM" AS ENUM ('not_paid', 'awaiting', 'authorized', 'partially_authorized', 'canceled');
CREATE TYPE "PAYMENT_COLLECTION_TYPE_ENUM" AS ENUM ('order_edit');
CREATE TYPE cart_type_enum AS ENUM ('default', 'swap', 'draft_order', 'payment_link', 'claim');
CREATE TYPE claim_item_reason_enum AS ENUM ('missing_item', 'wrong_item', 'production_failure', 'other');
CREATE TYPE claim_order_fulfillment_status_enum AS ENUM ('not_fulfilled', 'partially_fulfilled', 'fulfilled', 'partially_shipped', 'shipped', 'partially_returned', 'returned', 'canceled', 'requires_action');
CREATE TYPE claim_order_payment_status_enum AS ENUM ('na', 'not_refunded', 'refunded');
CREATE TYPE claim_order_type_enum AS ENUM ('refund', 'replace');
CREATE TYPE discount_condition_operator_enum AS ENUM ('in', 'not_in');
CREATE TYPE discount_condition_type_enum AS ENUM ('products', 'product_types', 'product_collections', 'product_tags', 'customer_groups');
CREATE TYPE discount_rule_allocation_enum AS ENUM ('total', 'item');
CREATE TYPE discount_rule_type_enum AS ENUM ('fixed', 'percentage', 'free_shipping');
CREATE TYPE draft_order_status_enum AS ENUM ('open', 'completed');
CREATE TYPE invite_role_enum AS ENUM ('admin', 'member', 'developer');
CREATE TYPE order_fulfillment_status_enum AS ENUM ('not_fulfilled', 'partially_fulfilled', 'fulfilled', 'partially_shipped', 'shipped', 'partially_returned', 'returned', 'canceled', 'requires_action');
CREATE TYPE order_item_change_type_enum AS ENUM ('item_add', 'item_remove', 'item_update');
CREATE TYPE order_payment_status_enum AS ENUM ('not_paid', 'awaiting', 'captured', 'partially_refunded', 'refunded', 'canceled', 'requires_action');
CREATE TYPE order_status_enum AS ENUM ('pending', 'completed', 'archived', 'canceled', 'requires_action');
CREATE TYPE payment_session_status_enum AS ENUM ('authorized', 'pending', 'requires_more', 'error', 'canceled');
CREATE TYPE price_list_status_enum AS ENUM ('active', 'draft');
CREATE TYPE price_list_type_enum AS ENUM ('sale', 'override');
CREATE TYPE product_status_enum AS ENUM ('draft', 'proposed', 'published', 'rejected');
CREATE TYPE refund_reason_enum AS ENUM ('discount', 'return', 'swap', 'claim', 'other');
CREATE TYPE return_status_enum AS ENUM ('requested', 'received', 'requires_action', 'canceled');
CREATE TYPE shipping_option_price_type_enum AS ENUM ('flat_rate', 'calculated');
CREATE TYPE shipping_option_requirement_type_enum AS ENUM ('min_subtotal', 'max_subtotal');
CREATE TYPE shipping_profile_type_enum AS ENUM ('default', 'gift_card', 'custom');
CREATE TYPE swap_fulfillment_status_enum AS ENUM ('not_fulfilled', 'fulfilled', 'shipped', 'partially_shipped', 'canceled', 'requires_action');
CREATE TYPE swap_payment_status_enum AS ENUM ('not_paid', 'awaiting', 'captured', 'confirmed', 'canceled', 'difference_refunded', 'partially_refunded', 'refunded', 'requires_action');
CREATE TYPE user_role_enum AS ENUM ('admin', 'member', 'developer');
