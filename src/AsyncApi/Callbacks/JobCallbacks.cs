using AsyncApi.Fetching;
using AsyncApi.Jobs;
using AsyncApi.Storage;
using Microsoft.Extensions.Options;

namespace AsyncApi.Callbacks;

/// <inheritdoc/>
internal sealed class JobCallbacks(AddressPolicy policy, CallbackLoop loop, DeliveryStore deliveries, IOptions<CallbackOptions> options) : IJobCallbacks
{
    private const string NoSecret = "cannot be called: this service has no secret to sign with (Callbacks:Secrets)";

    public string? FaultOf(string url)
    {
        if (!UrlRules.TryParse(url, policy, out _, out UrlFault fault))
        {
            return fault.Message;
        }

        return options.Value.Secrets.Count == 0 ? NoSecret : null;
    }

    public async Task<string?> FindUrlAsync(Job job, CancellationToken token) =>
        job.CallbackUrl ?? (await deliveries.FindAsync(job.Id, token))?.Delivery.Url;

    public void Wake() => loop.Wake();

    public ValueTask ForgetAsync(WriteSession session, Guid job, CancellationToken token) => DeliveryStore.ForgetAsync(session, job, token);
}
