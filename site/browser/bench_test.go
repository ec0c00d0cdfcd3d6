package browser

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/storecheck/storecheck/site"
)

// slowdown is how much slower than this machine the processor of a phone is taken to be, as in Lighthouse's mobile profile.
const slowdown = 4

// BenchmarkScript opens the front page of 60 stores on a phone, and reports how long its scripts run until nothing is left to do.
func BenchmarkScript(b *testing.B) {
	all := recorded(b)
	run := site.Run{Date: newest}
	for i := range 60 {
		r := *all[i%len(all)]
		r.Target.Name = fmt.Sprintf("store-%02d", i)
		run.Results = append(run.Results, &r)
	}
	dir := b.TempDir()
	if err := site.Build(dir, site.Input{Address: "https://example.org/storecheck/", Runs: []site.Run{run}}); err != nil {
		b.Fatal(err)
	}
	home := serve(b, dir)
	chromium := browser(b)
	total, visits := 0.0, 0
	for b.Loop() {
		tab := openTab(chromium, b, home) // a fresh one: the time of scripts adds up in a tab
		tab.as(look{360, 640, "light"})
		tab.slower(slowdown)
		tab.do(chromedp.Navigate(home+"index.html"), chromedp.WaitReady(chromedp.CSS("#filters")))
		eval[chromedp.Void](tab, `new Promise((done) => requestIdleCallback(() => done()))`)
		total += tab.scriptMilliseconds()
		visits++
	}
	b.ReportMetric(total/float64(visits), "script-ms")
}

// slower slows the processor down for the tab, and begins to measure.
func (t *tab) slower(rate float64) {
	t.tb.Helper()
	t.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate})
		_, err2 := cdp.Call(ctx, target, performance.Enable, performance.EnableParams{})
		return errors.Join(err, err2)
	}))
}

// scriptMilliseconds is how long the scripts of the tab have run.
func (t *tab) scriptMilliseconds() (ms float64) {
	t.tb.Helper()
	found := false
	t.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		result, err := cdp.Call(ctx, target, performance.GetMetrics, cdp.Empty{})
		if err != nil {
			return err
		}
		for _, m := range result.Metrics {
			if m.Name == "ScriptDuration" {
				ms, found = m.Value*1000, true
			}
		}
		return nil
	}))
	if !found {
		t.tb.Fatal("the browser does not tell how long scripts ran")
	}
	return ms
}
