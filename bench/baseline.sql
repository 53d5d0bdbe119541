-- Contribution margin by market and month from the invoices and the cost sheet, by hand.
WITH lines AS (
  SELECT CAST(Quantity AS BIGINT) * CAST(UnitPrice AS DECIMAL(18,4)) AS amount, CAST(Quantity AS BIGINT) AS quantity,
         upper(StockCode) AS sku, upper(InvoiceNo) AS invoice, Country AS market, CustomerID AS customer,
         CAST(UnitPrice AS DECIMAL(18,4)) AS price,
         date_trunc('month', CAST(InvoiceDate AS TIMESTAMP)) AS month
  FROM read_csv(getvariable('invoices'), all_varchar = true)
), costs AS (
  SELECT SKU AS sku, CAST("Unit cost" AS DECIMAL(18,4)) AS cost FROM read_csv(getvariable('costs'), all_varchar = true)
), sold AS (
  SELECT lines.*, CASE
      WHEN sku IN ('AMAZONFEE', 'BANK CHARGES', 'CRUK') THEN 'fee'
      WHEN sku = 'S' THEN 'marketing' WHEN sku = 'D' THEN 'discount' WHEN sku = 'B' THEN 'loss'
      WHEN starts_with(sku, 'GIFT_0001') THEN 'none'
      WHEN sku IN ('POST', 'DOT', 'C2', 'M') THEN 'service' ELSE 'goods' END AS kind
  FROM lines WHERE NOT (price = 0 AND customer IS NULL)
)
SELECT market, month,
       sum(amount) FILTER (WHERE kind IN ('goods', 'service', 'discount')) AS net_sales,
       coalesce(sum(quantity * cost) FILTER (WHERE kind = 'goods' AND NOT starts_with(invoice, 'C')), 0) AS goods,
       coalesce(sum(amount) FILTER (WHERE kind = 'fee'), 0) AS fees,
       coalesce(sum(amount) FILTER (WHERE kind = 'marketing'), 0) AS marketing
FROM sold LEFT JOIN costs USING (sku) GROUP BY ALL ORDER BY ALL;
