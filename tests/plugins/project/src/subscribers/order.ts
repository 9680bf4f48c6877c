// The older form: a class, made once.
class OrderSubscriber {
  constructor({ eventBusService, logService, orderService }: any) {
    eventBusService.subscribe("order.placed", async ({ id }: { id: string }) => {
      const order = await orderService.retrieve(id)
      await logService.write("order.placed", order.email)
    })
    eventBusService.subscribe("maker.created", async ({ name }: { name: string }) => logService.write("maker.created in a class", name))
  }
}

export default OrderSubscriber
